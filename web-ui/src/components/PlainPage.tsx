/** A page without a flow: the sign, the theme, and what is on it. */
import type { ReactNode } from "react";
import { CircleHelp } from "lucide-react";
import { helpHash } from "../state/route";
import { t } from "../messages";
import { Logo } from "./Logo";
import { ThemeMenu } from "./ThemeMenu";
import { UserMenu } from "./UserMenu";

export function PlainPage({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div className="home">
      <header className="topbar">
        <Logo />
        <span className="grow" />
        <a className="topbar-link" href={helpHash("")}>
          <CircleHelp size={15} aria-hidden /> {t("help")}
        </a>
        <ThemeMenu />
        <UserMenu />
      </header>
      <main className={["home-main", className].filter(Boolean).join(" ")}>{children}</main>
    </div>
  );
}
