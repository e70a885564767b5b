/** A whole page, as the address says: instead of one that cannot be shown, what to do about it. */
import { Suspense, useEffect, useState, type ReactNode } from "react";
import { t } from "../messages";
import { isOutdated } from "../state/version";
import { Boundary } from "./Boundary";
import { Button } from "./Button";

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
  return (
    <main className="empty failed" role="alert">
      <h1>{t(isOld ? "pageOutdated" : "pageFailed")}</h1>
      <p>{t(isOld ? "pageOutdatedText" : "pageFailedText")}</p>
      <Button
        tone="primary"
        onClick={() => {
          location.reload();
        }}
      >
        {t("loadAnew")}
      </Button>
    </main>
  );
}
