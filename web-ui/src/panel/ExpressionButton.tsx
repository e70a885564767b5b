/** Opens the editor of an expression; the editor itself is loaded then. */
import { lazy, useState } from "react";
import { createPortal } from "react-dom";
import { Braces } from "lucide-react";
import { IconButton } from "../components/Button";
import { Late } from "../components/Late";
import { t } from "../messages";
import type { Owner } from "../state/members";

const ExpressionDialog = lazy(() => import("../expression/ExpressionDialog"));

interface Props {
  owner: Owner;
  name: string;
  text: string;
  onSet: (value: string | undefined) => void;
}

export function ExpressionButton({ owner, name, text, onSet }: Props) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <IconButton
        label={t("editExpression", { name })}
        isQuiet
        isSmall
        onClick={() => {
          setOpen(true);
        }}
      >
        <Braces size={13} />
      </IconButton>
      {isOpen
        ? // Not in the field, whose buttons look otherwise.
          createPortal(
            <Late>
              <ExpressionDialog
                owner={owner}
                name={name}
                text={text}
                onClose={() => {
                  setOpen(false);
                }}
                onSet={(after) => {
                  setOpen(false);
                  if (after !== text) onSet(after === "" ? undefined : after);
                }}
              />
            </Late>,
            document.body,
          )
        : null}
    </>
  );
}
