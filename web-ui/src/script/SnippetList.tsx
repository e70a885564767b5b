/** What scripts can begin with, in a menu. */
import * as Menu from "@radix-ui/react-dropdown-menu";
import { Fragment } from "react";
import type { MenuPlace } from "../components/MenuButton";
import { MenuList } from "../components/MenuList";
import { t } from "../messages";
import type { Language } from "./language";
import { SNIPPETS } from "./snippets";

interface Props {
  place: MenuPlace;
  language: Language;
  onPick: (code: string) => void;
}

const STYLES = [
  ["simple", "scriptSimple"],
  ["nifi", "scriptNifi"],
] as const;

export default function SnippetList({ place, language, onPick }: Props) {
  return (
    <MenuList place={place} align="start">
      {STYLES.map(([style, name]) => (
        <Fragment key={style}>
          <Menu.Label className="menu-label">{t(name)}</Menu.Label>
          {SNIPPETS[language]
            .filter((each) => each.style === style)
            .map((each) => (
              <Menu.Item
                key={each.label}
                className="menu-item"
                onSelect={() => {
                  // The menu gives the focus back first.
                  setTimeout(() => {
                    onPick(each.code);
                  });
                }}
              >
                {t(each.name)}
              </Menu.Item>
            ))}
        </Fragment>
      ))}
    </MenuList>
  );
}
