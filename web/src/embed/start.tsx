// Renders the embedded app. Loaded by main.tsx once storage is there. What it shows: embed-app.tsx.
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { EmbedApp } from "./embed-app";

export function start(): void {
  const root = document.getElementById("root");
  if (root !== null) {
    createRoot(root).render(
      <StrictMode>
        <EmbedApp />
      </StrictMode>,
    );
  }
}
