/** Who is signed in, and the way out. Nothing where the server has no users. */
import { LogOut, UserRound } from "lucide-react";
import * as Menu from "@radix-ui/react-dropdown-menu";
import { Hint } from "./Hint";
import { t } from "../messages";
import { signOut, useUser } from "../state/user";

export default function UserMenu() {
  const user = useUser((state) => state.user);
  if (!user) return null;
  const label = t("user", { name: user.name });
  return (
    <Menu.Root modal={false}>
      <Hint text={label}>
        <Menu.Trigger className="button icon quiet" aria-label={label}>
          <UserRound size={17} />
        </Menu.Trigger>
      </Hint>
      <Menu.Portal>
        <Menu.Content className="menu" align="end" sideOffset={4}>
          <Menu.Label className="menu-label">
            {user.name} · {t("roleIs", { role: user.role })}
          </Menu.Label>
          <Menu.Item className="menu-item" onSelect={() => void signOut()}>
            <LogOut size={15} aria-hidden /> {t("signOut")}
          </Menu.Item>
        </Menu.Content>
      </Menu.Portal>
    </Menu.Root>
  );
}
