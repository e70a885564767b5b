/** Parts of the page that are loaded when they are needed. One that cannot be, as the server is
 * gone or another one, or has a defect, is told and left out; nothing else goes with it. */
import { Suspense, type ReactNode } from "react";
import { tellPartFailed } from "../state/version";
import { Boundary } from "./Boundary";

interface Props {
  children: ReactNode;
  /** Shown until it is there. */
  coming?: ReactNode;
  /** Called when it cannot be shown. */
  onFail?: () => void;
}

export function Late({ children, coming, onFail }: Props) {
  const fail = () => {
    onFail?.();
    void tellPartFailed();
  };
  return (
    <Boundary onFail={fail}>
      <Suspense fallback={coming}>{children}</Suspense>
    </Boundary>
  );
}
