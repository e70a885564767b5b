/** The page: what the address says is shown. */
import { lazy, useEffect, useState } from "react";
import { QueryClientProvider } from "@tanstack/react-query";
import { LatePage } from "../components/LatePage";
import { Toasts } from "../components/Toasts";
import { catalogThere, queries } from "../state/catalog";
import { useDraft } from "../state/draft";
import { follow } from "../state/navigate";
import { readRoute, type Route } from "../state/route";
import { listenToServer, openFlow } from "../state/openFlow";
import { lookAt } from "../state/presence";
import { t } from "../messages";
import { closeAll } from "../state/ui";
import { lookWho, useUser } from "../state/user";

// Each page without what only the others need: of the list nothing waits for the canvas.
const FlowPage = lazy(() => import("./FlowPage"));
const Home = lazy(() => import("./Home"));
const SignIn = lazy(() => import("./SignIn"));
const Components = lazy(() => import("./ComponentsPage"));
const Help = lazy(() => import("../help/HelpPage"));

export function App() {
  const [route, setRoute] = useState<Route>(() => readRoute(location.hash));
  useEffect(() => {
    const onChange = () => {
      // A dialog is of what was shown.
      closeAll();
      setRoute(readRoute(location.hash));
    };
    window.addEventListener("hashchange", onChange);
    window.addEventListener("popstate", onChange);
    return () => {
      window.removeEventListener("hashchange", onChange);
      window.removeEventListener("popstate", onChange);
    };
  }, []);
  useEffect(() => {
    void lookWho();
  }, []);
  const isOut = useUser((state) => state.phase === "out");
  const isExpired = useUser((state) => state.isExpired);
  const isReady = useDraft((state) => state.phase === "ready");
  useEffect(() => {
    if (route.page === "flow") {
      openFlow(route.flow);
      // Who knows the keys adds the first box at once.
      void catalogThere().catch(() => undefined);
    }
    if (route.page === "home") listenToServer();
    lookAt(route.page === "flow" ? route.flow : undefined);
    // Of a dozen tabs each is told from the others.
    document.title = route.page === "flow" ? t("titleOf", { name: route.flow }) : t("product");
  }, [route]);
  useEffect(() => {
    if (route.page === "flow" && isReady) follow(route);
  }, [route, isReady]);
  return (
    <QueryClientProvider client={queries}>
      {isOut ? (
        <LatePage>
          <SignIn />
        </LatePage>
      ) : null}
      {isOut && !isExpired ? null : (
        <LatePage key={route.page}>
          <Page route={route} />
        </LatePage>
      )}
      <Toasts />
    </QueryClientProvider>
  );
}

function Page({ route }: { route: Route }) {
  if (route.page === "components") return <Components />;
  if (route.page === "help") return <Help path={route.path} anchor={route.anchor} />;
  if (route.page === "home") return <Home isList={route.isList} />;
  return <FlowPage flow={route.flow} />;
}
