/** Who is signed in, in which role, and the way out. */
import { LogOut } from "lucide-react";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { t } from "../messages";
import { signOut, useUser } from "../state/user";
import type { MenuPlace } from "./MenuButton";
import { MenuList } from "./MenuList";

export default function UserMenuList({ place }: { place: MenuPlace }) {
  const user = useUser((state) => state.user);
  if (!user) return null;
  return (
    <MenuList place={place} align="end">
      <Menu.Label className="menu-label">
        {user.name} · {t("roleIs", { role: user.role })}
      </Menu.Label>
      <Menu.Item className="menu-item" onSelect={() => void signOut()}>
        <LogOut size={15} aria-hidden /> {t("signOut")}
      </Menu.Item>
    </MenuList>
  );
}
