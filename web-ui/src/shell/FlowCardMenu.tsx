/** Beside a flow of the list: a menu of what can be done with it. */
import { lazy } from "react";
import { Ellipsis } from "lucide-react";
import { MenuButton } from "../components/MenuButton";
import { t } from "../messages";

const load = () => import("./FlowCardMenuList");
const FlowCardMenuList = lazy(load);

interface Props {
  flow: string;
  onDelete: () => void;
}

export function FlowCardMenu({ flow, onDelete }: Props) {
  return (
    <MenuButton
      label={t("moreOf", { name: flow })}
      icon={<Ellipsis size={16} />}
      isSmall
      className="flow-card-more"
      load={load}
    >
      {(place) => <FlowCardMenuList flow={flow} place={place} onDelete={onDelete} />}
    </MenuButton>
  );
}
