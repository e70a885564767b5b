/** Starts the page. */
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import "@xyflow/react/dist/base.css";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/canvas.css";
import "./styles/nodes.css";
import "./styles/wires.css";
import "./styles/shell.css";
import "./styles/lists.css";
import "./styles/pages.css";
import "./styles/dialogs.css";
import "./styles/removal.css";
import "./styles/panel.css";
import "./styles/parts.css";
import "./styles/presence.css";
import "./styles/queue.css";
import "./styles/narrow.css";
import "./styles/forced.css";
import { App } from "./shell/App";
import { guardLeaving } from "./state/openFlow";
import { tellPresence } from "./state/presence";
import { startTheme } from "./state/theme";
import { watchParts } from "./state/version";

startTheme();
guardLeaving();
watchParts();
tellPresence();
const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
