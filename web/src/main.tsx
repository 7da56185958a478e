// The entry of the app. Everything else: app.tsx.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { onSignedOut } from "./api/client";
import { App } from "./app";
import { fetchScreen } from "./routes";
import { enter, sessionEnded } from "./session/session";
import "./style.css";

onSignedOut(sessionEnded);
// The question who is signed in goes out before the files of the screen, which would keep it waiting for a connection.
void enter();
fetchScreen(location.pathname);

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
