import "./i18n/browser";
import "@fontsource-variable/inter/wght.css";
import "@fontsource-variable/jetbrains-mono/wght.css";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Provider } from "urql";
import { client } from "./api/client";
import { LanguageProvider } from "./i18n";
import { router } from "./router";
import { PreferencesProvider } from "./shell/preferences";
import { ToastProvider } from "./shell/toasts";
import "./design/tokens.css";
import "./design/base.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <LanguageProvider>
        <PreferencesProvider>
          <Provider value={client}>
            <ToastProvider>
              <RouterProvider router={router} />
            </ToastProvider>
          </Provider>
        </PreferencesProvider>
      </LanguageProvider>
    </StrictMode>,
  );
}
