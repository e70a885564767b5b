/** From one flow to another, or to a new one. */
import { lazy } from "react";
import { ChevronsUpDown } from "lucide-react";
import { MenuButton } from "../components/MenuButton";
import { t } from "../messages";
import { FLOWS, queries } from "../state/catalog";

// With the flows: what is listed later would push away what is pointed at.
const load = async () => {
  // What fails to come is told by the list.
  const flows = queries.query(FLOWS).catch(() => undefined);
  const [list] = await Promise.all([import("./FlowMenuList"), flows]);
  return list;
};
const FlowMenuList = lazy(load);

export function FlowMenu({ flow }: { flow: string }) {
  return (
    <MenuButton label={t("otherFlows")} icon={<ChevronsUpDown size={14} />} isSmall load={load}>
      {(place) => <FlowMenuList flow={flow} place={place} />}
    </MenuButton>
  );
}
