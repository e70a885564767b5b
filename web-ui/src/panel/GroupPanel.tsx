/** A group, or the flow itself: what it is for, its parameters and services. */
import { Button } from "../components/Button";
import { Edit, type Seen } from "../graph/changes";
import { asFlow, groupAt, segmentsOf } from "../graph/tree";
import { t } from "../messages";
import { runAction } from "../actions/registry";
import { useDraft } from "../state/draft";
import { commit } from "../state/openFlow";
import { openGroup } from "../state/navigate";
import { useUi } from "../state/ui";
import { Field } from "../components/Fields";
import { Select, TextInput } from "../components/Inputs";
import { ServiceList } from "./ServiceList";

export function GroupPanel({ path }: { path: string }) {
  const flow = useDraft((state) => state.documents.flow);
  const shown = useUi((state) => state.group);
  const tree = asFlow(flow);
  const group = groupAt(tree, path);
  const contexts = Object.keys(tree.parameterContexts ?? {});
  const set = (member: string, value: string, seen: Seen) => {
    const edit = new Edit(useDraft.getState().documents);
    const after = value === "" ? undefined : value;
    edit.set("flow", [...segmentsOf(path), member], after, seen);
    void commit(t("labelSet", { member, name: path === "" ? t("flow") : path }), edit.changes);
  };
  return (
    <div className="form panel-scroll">
      {path !== shown ? (
        <Button
          tone="primary"
          onClick={() => {
            openGroup(path);
          }}
        >
          {t("openGroup")}
        </Button>
      ) : null}
      <Field label={t("description")}>
        {({ id }) => (
          <TextInput
            id={id}
            isLong
            value={group?.description}
            onCommit={(value, seen) => {
              set("description", value, seen);
            }}
          />
        )}
      </Field>
      <Field label={t("parameterContext")}>
        {({ id }) => (
          <Select
            id={id}
            value={group?.parameterContext ?? ""}
            stored={group?.parameterContext}
            onChoose={(value, seen) => {
              set("parameterContext", value, seen);
            }}
          >
            <option value="">{path === "" ? t("none") : t("asAround")}</option>
            {contexts.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button
        onClick={() => {
          runAction("parameters");
        }}
      >
        {t("actParameters")}
      </Button>
      <ServiceList path={path} services={group?.services ?? {}} />
    </div>
  );
}
