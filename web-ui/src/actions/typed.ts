/** A wire to what cannot work on what comes is refused, with what can stand in between. */
import type { Change } from "../api/types";
import { freeDown, sizeOf, snapped, type Box } from "../graph/boxes";
import { apply } from "../graph/changes";
import { addConnection, addThing, changeConnection } from "../graph/edits";
import { wordsOf } from "../graph/families";
import { convertersOf, misfitOf, type Converter } from "../graph/media";
import { asFlow, freeName, groupAt, type ConnectionTree } from "../graph/tree";
import { sceneNow } from "../state/scene";
import { t } from "../messages";
import { catalogNow, typesNow } from "../state/catalog";
import { flowName, useDraft } from "../state/draft";
import { openGroup } from "../state/navigate";
import { commit } from "../state/openFlow";
import { dismiss, focusOn, select, toast, useUi } from "../state/ui";

/** What was said last: the choice is about that wire only. */
let said: number | undefined;

/** Says why the wire cannot be, and offers what can stand in between; false where it can be. */
export function refuses(connection: ConnectionTree, existing?: string): boolean {
  const { documents } = useDraft.getState();
  const { group } = useUi.getState();
  const misfit = misfitOf(asFlow(documents.flow), group, connection, catalogNow());
  if (!misfit) return false;
  const converters = convertersOf(misfit, typesNow());
  const flow = flowName();
  if (said !== undefined) dismiss(said);
  said = toast({
    tone: "error",
    title: t("misfitTitle", { from: connection.from, to: connection.to }),
    detail: t("misfitText", {
      types: misfit.types.join(", "),
      makers: misfit.makers.join(", "),
      to: connection.to,
      accepts: misfit.target.accepts.join(", "),
    }),
    ...(converters.length > 0
      ? {
          isChoice: true,
          actions: converters.map((converter) => ({
            label: t("putBetween", { type: converter.type.type }),
            run: () => {
              if (flow === flowName()) putBetween(group, connection, converter, existing);
            },
          })),
        }
      : {}),
  });
  return true;
}

function putBetween(
  group: string,
  wire: ConnectionTree,
  converter: Converter,
  existing?: string,
): void {
  let { documents } = useDraft.getState();
  // Whoever has gone elsewhere meanwhile sees where it is put.
  if (useUi.getState().group !== group) openGroup(group);
  const { type } = converter.type;
  const name = freeName(groupAt(asFlow(documents.flow), group), wordsOf(type));
  const changes: Change[] = [];
  const then = (more: Change[]) => {
    changes.push(...more);
    documents = apply(documents, more);
  };
  then(addThing(documents, group, "processor", name, { type }, placeBetween(wire)));
  const first = { ...wire, to: name };
  then(
    existing === undefined
      ? addConnection(documents, group, first)
      : changeConnection(documents, group, existing, first),
  );
  const second = { from: name, relationships: [converter.relationship], to: wire.to };
  then(addConnection(documents, group, second));
  void commit(t("labelAdd", { name }), changes);
  select([name]);
  focusOn(name);
}

/** In the middle of both, or below where that is taken. */
function placeBetween(wire: ConnectionTree): { x: number; y: number } {
  const boxes = sceneNow()?.boxes ?? [];
  const ends = [wire.from, wire.to].flatMap((end) =>
    boxes.filter((box) => box.name === end || end.startsWith(`${box.name}/`)),
  );
  const size = sizeOf("processor");
  const middle = (along: "x" | "y", side: "width" | "height") =>
    ends.reduce((sum, box) => sum + box[along] + box[side] / 2, 0) / Math.max(ends.length, 1) -
    size[side] / 2;
  const place = { x: snapped(middle("x", "width")), y: snapped(middle("y", "height")) };
  const box: Box = {
    ...{ ...place, ...size, name: "", path: "", kind: "processor" },
    ...{ inputs: [], outputs: [] },
  };
  freeDown(box, boxes);
  return { x: box.x, y: box.y };
}
