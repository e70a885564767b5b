/** The field of a script; its editor is loaded with the first one. */
import { lazy, useState, type ReactNode } from "react";
import type { Finding, PropertySpec } from "../api/types";
import { Late } from "../components/Late";
import { t } from "../messages";
import type { Owner } from "../state/members";

const ScriptField = lazy(() => import("../script/ScriptField"));

interface Props {
  id: string;
  owner: Owner;
  spec: PropertySpec;
  findings: readonly Finding[];
  /** What it is written in where the editor cannot be loaded. */
  plain: ReactNode;
}

export function ScriptControl({ id, owner, spec, findings, plain }: Props) {
  const [isFailed, setFailed] = useState(false);
  if (isFailed) return plain;
  return (
    <Late
      coming={<p className="muted">{t("scriptLoading")}</p>}
      onFail={() => {
        setFailed(true);
      }}
    >
      <ScriptField
        // Of another processor nothing is taken along that is being written.
        key={`${owner.group}/${owner.name}`}
        id={id}
        owner={owner}
        property={spec.name}
        findings={findings}
      />
    </Late>
  );
}
