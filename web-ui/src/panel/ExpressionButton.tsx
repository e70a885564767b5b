/** Opens the editor of an expression; the editor itself is loaded then. */
import { lazy, useState } from "react";
import { createPortal } from "react-dom";
import { Braces } from "lucide-react";
import { IconButton } from "../components/Button";
import { Late } from "../components/Late";
import type { Json } from "../api/types";
import { textOf } from "../components/useTyping";
import type { Seen } from "../graph/changes";
import { t } from "../messages";
import type { Owner } from "../state/members";

const ExpressionDialog = lazy(() => import("../expression/ExpressionDialog"));

interface Props {
  owner: Owner;
  name: string;
  value: Json | undefined;
  /** `seen` is the value when the editor was opened. */
  onSet: (value: string | undefined, seen: Seen) => void;
}

export function ExpressionButton({ owner, name, value, onSet }: Props) {
  const [seen, setSeen] = useState<Seen | undefined>();
  return (
    <>
      <IconButton
        label={t("editExpression", { name })}
        isQuiet
        isSmall
        onClick={() => {
          setSeen({ value });
        }}
      >
        <Braces size={13} />
      </IconButton>
      {seen
        ? // Not in the field, whose buttons look otherwise.
          createPortal(
            <Late>
              <ExpressionDialog
                owner={owner}
                name={name}
                text={textOf(seen.value)}
                now={value}
                onClose={() => {
                  setSeen(undefined);
                }}
                onSet={(after) => {
                  setSeen(undefined);
                  if (after !== textOf(seen.value)) onSet(after === "" ? undefined : after, seen);
                }}
              />
            </Late>,
            document.body,
          )
        : null}
    </>
  );
}
