/** The commands that select boxes and bring them in line. */
import { alignSelected, distributeSelected, nudge } from "./build";
import { hasNodes, hasTwo, hasThree, hasAny } from "./selected";
import { sceneNow } from "../state/scene";
import { replaceAddress } from "../state/navigate";
import { select } from "../state/ui";
import type { Alignment, Distribution } from "../graph/align";
import type { MessageKey } from "../messages";
import { register } from "./registry";

const ALIGN: readonly [Alignment, MessageKey, string][] = [
  ["left", "actAlignLeft", "ArrowLeft"],
  ["centre", "actAlignCentre", "C"],
  ["right", "actAlignRight", "ArrowRight"],
  ["top", "actAlignTop", "ArrowUp"],
  ["middle", "actAlignMiddle", "M"],
  ["bottom", "actAlignBottom", "ArrowDown"],
];
const DISTRIBUTE: readonly [Distribution, MessageKey, string][] = [
  ["across", "actDistributeAcross", "H"],
  ["down", "actDistributeDown", "V"],
];

export function registerArranging(): void {
  register(
    {
      id: "selectAll",
      label: "actSelectAll",
      group: "select",
      keys: ["Mod+A"],
      run: () => {
        const scene = sceneNow();
        if (scene) select(scene.boxes.map((box) => box.name));
      },
    },
    {
      id: "selectNone",
      label: "actSelectNone",
      group: "select",
      keys: ["Escape"],
      isEnabled: hasAny,
      run: () => {
        select([]);
        replaceAddress();
      },
    },
    ...(["Left", "Right", "Up", "Down"] as const).map((way) => ({
      id: `nudge${way}`,
      needs: "editor" as const,
      label: `actNudge${way}` as const,
      group: "select" as const,
      keys: [`Alt+Arrow${way}`],
      isEnabled: hasNodes,
      run: () => {
        const step = way === "Left" || way === "Up" ? -8 : 8;
        if (way === "Left" || way === "Right") nudge(step, 0);
        else nudge(0, step);
      },
    })),
    ...ALIGN.map(([how, label, key]) => ({
      id: `align ${how}`,
      needs: "editor" as const,
      label,
      group: "select" as const,
      keys: [`Alt+Shift+${key}`],
      isEnabled: hasTwo,
      run: () => void alignSelected(how),
    })),
    ...DISTRIBUTE.map(([how, label, key]) => ({
      id: `distribute ${how}`,
      needs: "editor" as const,
      label,
      group: "select" as const,
      keys: [`Alt+Shift+${key}`],
      isEnabled: hasThree,
      run: () => void distributeSelected(how),
    })),
  );
}
