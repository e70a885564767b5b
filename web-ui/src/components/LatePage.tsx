/** A whole page, as the address says: instead of one that cannot be shown, what to do about it. */
import { Suspense, useEffect, useState, type ReactNode } from "react";
import { t } from "../messages";
import { isOutdated } from "../state/version";
import { Boundary } from "./Boundary";
import { FailedPage } from "./FailedPage";

export function LatePage({ children }: { children: ReactNode }) {
  return (
    <Boundary failed={<Failed />} onFail={() => undefined}>
      <Suspense>{children}</Suspense>
    </Boundary>
  );
}

function Failed() {
  const [isOld, setOld] = useState(false);
  useEffect(() => {
    void isOutdated().then(setOld);
  }, []);
  const title = t(isOld ? "pageOutdated" : "pageFailed");
  const text = t(isOld ? "pageOutdatedText" : "pageFailedText");
  return <FailedPage isAlert title={title} text={text} label={t("loadAnew")} />;
}
