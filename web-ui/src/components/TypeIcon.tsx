/** The picture of a thing: by its kind, and of processors by their family. */
import {
  ArrowRightLeft,
  AudioLines,
  Boxes,
  Braces,
  CodeXml,
  Box as BoxIcon,
  FolderInput,
  Globe,
  HardDriveDownload,
  LogIn,
  LogOut,
  Merge,
  Split,
  StickyNote,
  Tags,
  type LucideIcon,
} from "lucide-react";
import type { Family } from "../graph/families";
import type { Kind, NodeKind } from "../graph/tree";
import type { MessageKey } from "../messages";

const FAMILY: Record<Family, LucideIcon> = {
  audio: AudioLines,
  script: CodeXml,
  source: FolderInput,
  store: HardDriveDownload,
  http: Globe,
  route: Split,
  attributes: Tags,
  content: Braces,
  other: BoxIcon,
};

const KIND: Record<Exclude<Kind, "processor">, LucideIcon> = {
  funnel: Merge,
  inputPort: LogIn,
  outputPort: LogOut,
  group: Boxes,
  label: StickyNote,
  connection: ArrowRightLeft,
  service: BoxIcon,
};

/** What boxes are called. */
export const KIND_WORDS = {
  funnel: "newFunnel",
  inputPort: "newInput",
  outputPort: "newOutput",
  group: "group",
  label: "newLabel",
  processor: "processor",
} as const satisfies Record<NodeKind, MessageKey>;

export function TypeIcon({ family, size = 16 }: { family: Family; size?: number }) {
  const Icon = FAMILY[family];
  return (
    <span className={`type-icon family-${family}`}>
      <Icon size={size} aria-hidden />
    </span>
  );
}

export function KindIcon({ kind, size = 16 }: { kind: Exclude<Kind, "processor">; size?: number }) {
  const Icon = KIND[kind];
  return (
    <span className="type-icon family-other">
      <Icon size={size} aria-hidden />
    </span>
  );
}
