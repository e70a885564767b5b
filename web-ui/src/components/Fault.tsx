/** Why what stands in a field is not taken, below it. */
import type { ReactNode, Ref } from "react";
import { CircleAlert } from "lucide-react";

interface Props {
  id: string;
  ref?: Ref<HTMLDivElement>;
  children: ReactNode;
}

export function Fault({ id, ref, children }: Props) {
  return (
    <div className="field-findings" id={id} ref={ref} role="alert">
      <p className="bad">
        <CircleAlert size={14} aria-hidden />
        <span>{children}</span>
      </p>
    </div>
  );
}
