/** The ways to help from a flow, which stays where it is. */
import { BookOpen, Braces, CircleHelp, Keyboard } from "lucide-react";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { runAction, shortcutOf } from "../actions/registry";
import { Hint } from "../components/Hint";
import { t } from "../messages";
import { helpHash } from "../state/route";

/** Pages of their own: whoever reads on goes on drawing beside it. */
const ELSEWHERE = { target: "_blank", rel: "noreferrer" } as const;

export default function HelpMenu() {
  return (
    <Menu.Root modal={false}>
      <Hint text={t("help")}>
        <Menu.Trigger className="button icon quiet" aria-label={t("help")}>
          <CircleHelp size={17} />
        </Menu.Trigger>
      </Hint>
      <Menu.Portal>
        <Menu.Content className="menu" align="end" sideOffset={4}>
          <Menu.Item className="menu-item" asChild>
            <a href={helpHash("")} {...ELSEWHERE}>
              <BookOpen size={15} aria-hidden /> {t("helpManual")}
            </a>
          </Menu.Item>
          <Menu.Item className="menu-item" asChild>
            <a href={helpHash("api")} {...ELSEWHERE}>
              <Braces size={15} aria-hidden /> {t("helpApi")}
            </a>
          </Menu.Item>
          <Menu.Separator className="menu-line" />
          <Menu.Item
            className="menu-item"
            onSelect={() => {
              runAction("help");
            }}
          >
            <Keyboard size={15} aria-hidden /> {t("actHelp")}
            <kbd className="key">{shortcutOf("help")}</kbd>
          </Menu.Item>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
