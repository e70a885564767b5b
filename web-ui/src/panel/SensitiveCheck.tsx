/** Whether a parameter is a secret. A secret has no value in the flow: one that is there is taken out,
 * and that is asked first. */
import { useEffect, useRef, useState } from "react";
import { Asked } from "../components/Asked";
import { Check } from "../components/Fields";
import { t } from "../messages";

interface Props {
  name: string;
  isSensitive: boolean;
  hasValue: boolean;
  onChange: (isSensitive: boolean) => void;
}

export function SensitiveCheck({ name, isSensitive, hasValue, onChange }: Props) {
  const [isAsking, setAsking] = useState(false);
  const part = useRef<HTMLDivElement>(null);
  // Its value may be gone meanwhile, or somebody else has made it a secret.
  const isAsked = isAsking && hasValue && !isSensitive;
  // What is asked about has gone; another value is another question.
  if (isAsking && !isAsked) setAsking(false);
  useEffect(() => {
    const asked = part.current?.querySelector(".sensitive-ask");
    asked?.scrollIntoView({ block: "nearest" });
  }, [isAsked]);
  const end = () => {
    // The buttons go away: the keys go on where the question came from.
    part.current?.querySelector("input")?.focus();
    setAsking(false);
  };
  return (
    <div className="sensitive" ref={part}>
      <Check
        label={t("sensitive")}
        isChecked={isSensitive || isAsked}
        onChange={(isOn) => {
          if (isOn && hasValue) setAsking(true);
          else if (isAsked) setAsking(false);
          else onChange(isOn);
        }}
      />
      {isAsked ? (
        <div className="sensitive-ask" role="alert">
          <Asked
            text={t("sensitiveAsk", { name })}
            act={t("sensitiveAct")}
            onAct={() => {
              end();
              onChange(true);
            }}
            onCancel={end}
          />
        </div>
      ) : null}
    </div>
  );
}
