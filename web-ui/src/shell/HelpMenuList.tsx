/** What helps: the manual, the interface over HTTP, the keys. */
import { BookOpen, Braces, Keyboard } from "lucide-react";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { runAction, shortcutOf } from "../actions/registry";
import type { MenuPlace } from "../components/MenuButton";
import { MenuList } from "../components/MenuList";
import { t } from "../messages";
import { helpHash } from "../state/route";

/** Pages of their own: whoever reads on goes on drawing beside it. */
const ELSEWHERE = { target: "_blank", rel: "noreferrer" } as const;

export default function HelpMenuList({ place }: { place: MenuPlace }) {
  return (
    <MenuList place={place} align="end">
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
    </MenuList>
  );
}
