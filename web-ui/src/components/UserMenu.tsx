/** Who is signed in, and the way out. Nothing where the server has no users. */
import { lazy } from "react";
import { UserRound } from "lucide-react";
import { t } from "../messages";
import { useUser } from "../state/user";
import { MenuButton } from "./MenuButton";

const load = () => import("./UserMenuList");
const UserMenuList = lazy(load);

export function UserMenu() {
  const user = useUser((state) => state.user);
  if (!user) return null;
  return (
    <MenuButton label={t("user", { name: user.name })} icon={<UserRound size={17} />} load={load}>
      {(place) => <UserMenuList place={place} />}
    </MenuButton>
  );
}
