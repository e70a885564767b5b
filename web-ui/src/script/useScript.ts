/** A script of the draft, and what somebody makes of it here. */
import { useMemo } from "react";
import type { JsonObject } from "../api/types";
import { useTyping, textOf, type Typed } from "../components/useTyping";
import { change, valueAt, withValue } from "../graph/changes";
import { asFile } from "../graph/flowFile";
import { asFlow, groupAt, own, type ProcessorTree } from "../graph/tree";
import { t } from "../messages";
import { useCatalog } from "../state/catalog";
import { useDraft } from "../state/draft";
import { pathIn, setMember, useMember, type Owner } from "../state/members";
import { commit } from "../state/openFlow";
import { languageName, languageOf, type Language } from "./language";

export interface Script extends Typed {
  /** What the draft has, whatever is being written. */
  stored: string;
  /** Nothing where the processor is gone. */
  processor: ProcessorTree | undefined;
  language: Language | undefined;
  /** As the flow says it. */
  languageName: string | undefined;
}

export function useScript(owner: Owner, property: string): Script {
  const value = useMember(owner, ["properties", property]);
  const typed = useTyping({
    value,
    onCommit: (text, seen, told) => {
      setMember(owner, ["properties", property], text === "" ? undefined : text, seen, told);
    },
  });
  const processor = useDraft(({ documents }) =>
    own(groupAt(asFlow(documents.flow), owner.group)?.processors, owner.name),
  );
  const specs = useCatalog().get(processor?.type ?? "")?.properties;
  const name = useMemo(() => {
    const spec = specs?.find((each) => each.name === property);
    return spec && specs && languageName(spec, specs, processor?.properties);
  }, [specs, property, processor]);
  return {
    ...typed,
    ...{ stored: textOf(value), processor, language: languageOf(name), languageName: name },
  };
}

/** Makes an earlier text of it what it is, as an edit of its own. */
export function takeBack(owner: Owner, property: string, text: string, revision: number): void {
  const { documents } = useDraft.getState();
  const after = text === "" ? undefined : text;
  const changes = change(documents, "flow", pathIn(owner, ["properties", property]), after);
  void commit(t("versionLabel", { name: owner.name, revision }), changes);
}

/** The flow, as its file has it, with that text as the script; nothing where the draft has it so. */
export function flowWith(owner: Owner, property: string, text: string): JsonObject | undefined {
  const { flow } = useDraft.getState().documents;
  const path = pathIn(owner, ["properties", property]);
  return textOf(valueAt(flow, path)) === text ? undefined : asFile(withValue(flow, path, text));
}
