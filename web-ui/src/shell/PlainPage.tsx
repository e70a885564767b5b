/** A page without a flow: the sign, the theme, and what is on it. */
import type { ReactNode } from "react";
import { Logo } from "./Logo";
import { ThemeMenu } from "./ThemeMenu";
import { UserMenu } from "./UserMenu";

export function PlainPage({ className, children }: { className?: string; children: ReactNode }) {
  return (
    <div className="home">
      <header className="topbar">
        <Logo />
        <span className="grow" />
        <ThemeMenu />
        <UserMenu />
      </header>
      <main className={["home-main", className].filter(Boolean).join(" ")}>{children}</main>
    </div>
  );
}
