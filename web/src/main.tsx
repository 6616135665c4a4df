import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { registerSW } from "virtual:pwa-register";
import { App } from "./app/App";
import "./app/app.css";
import { Refused } from "./shared/api/client";
import { startI18n } from "./shared/i18n/i18n";
import { LiveProvider } from "./shared/live/live_context";
import { jitter } from "./shared/live/jitter";
import { OutboxProvider } from "./shared/outbox/outbox_context";

startI18n();
registerSW({ immediate: true, onNeedReload: () => undefined }); // the next visit has it: files may be chosen now

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000, // the stream says what changed
      networkMode: "always", // a server on loopback needs no network
      retry: (count, error) => count < 3 && !(error instanceof Refused && error.problem.status < 500),
      retryDelay: (attempt) => jitter(attempt),
    },
    mutations: { networkMode: "always" },
  },
});

const root = document.getElementById("root");
if (!root) throw new Error("no #root");
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <LiveProvider>
        <OutboxProvider>
          <App />
        </OutboxProvider>
      </LiveProvider>
    </QueryClientProvider>
  </StrictMode>,
);
