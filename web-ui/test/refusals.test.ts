// What is told of a draft that was refused, and when it goes.
import { beforeEach, describe, expect, it } from "vitest";
import type { Finding } from "../src/api/types";
import { indexFindings, missingIn } from "../src/graph/findings";
import { NO_DRAFT, useDraft } from "../src/state/draft";
import { tellRefusedDraft } from "../src/state/refusals";
import { useUi } from "../src/state/ui";

const FINDING: Finding = {
  code: "T0306",
  severity: "error",
  message: 'the parameter "input" has no value',
  help: null,
  place: { file: "", line: 1, column: 1, length: 1, path: "$.parameterContexts.main" },
  element: { kind: "parameter", path: "main:input" },
};
const tell = () => {
  tellRefusedDraft({ title: "The draft has errors", status: 422, findings: [FINDING] });
};
const titles = () => useUi.getState().toasts.map(({ title }) => title);

describe("a refused draft", () => {
  beforeEach(() => {
    useUi.setState({ toasts: [] });
    useDraft.setState({ ...NO_DRAFT, flow: "a", isRunning: false, isAhead: true });
    tell();
  });

  it("is told once, with ways to what is wrong", () => {
    tell();
    expect(titles()).toEqual(["The draft has errors"]);
    const [toast] = useUi.getState().toasts;
    expect(toast?.actions?.map(({ label }) => label)).toEqual(["Give “input” a value", "Problems"]);
    toast?.actions?.[0]?.run();
    expect(useUi.getState()).toMatchObject({ dialog: "parameters", parameter: "main:input" });
    expect(missingIn({ ...FINDING, code: "T0101" })).toBeUndefined();
  });

  it("stays as long as it has errors, and goes when it has none", () => {
    useDraft.setState({ revision: 7 });
    useDraft.setState({ findings: indexFindings([FINDING]) });
    expect(titles()).toHaveLength(1);
    useDraft.setState({ findings: indexFindings([{ ...FINDING, severity: "warning" }]) });
    expect(titles()).toEqual([]);
  });

  it("goes when it runs, or another flow is shown", () => {
    useDraft.setState({ isRunning: true, isAhead: false });
    expect(titles()).toEqual([]);
    tell();
    useDraft.setState({ flow: "b" });
    expect(titles()).toEqual([]);
  });
});
