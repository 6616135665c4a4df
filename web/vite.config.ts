import react from "@vitejs/plugin-react";
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";

// `vigied` serves what this builds; in development the API is proxied to it.
export default defineConfig({
  plugins: [
    react(),
    VitePWA({
      strategies: "generateSW",
      registerType: "autoUpdate",
      injectRegister: null, // the page's policy allows no inline script
      filename: "sw.js",
      manifest: {
        name: "vigie",
        short_name: "vigie",
        description: "Audits de site : preuves, analyse, rapport",
        start_url: "/",
        display: "standalone",
        background_color: "#101418",
        theme_color: "#0b5f6b",
        icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
      },
      workbox: {
        globPatterns: ["**/*.{html,js,mjs,css,svg,webmanifest}"],
        globIgnores: ["**/pdf*"], // fetched when a report is looked at
        navigateFallback: "/index.html",
        navigateFallbackDenylist: [/^\/api\//, /^\/docs/, /^\/(livez|readyz|metrics|health|openapi)/],
        runtimeCaching: [
          {
            urlPattern: ({ url }) => url.pathname.startsWith("/assets/pdf"),
            handler: "CacheFirst",
            options: { cacheName: "pdf-viewer", expiration: { maxEntries: 4 } },
          },
        ],
      },
    }),
  ],
  resolve: { alias: { "@": new URL("./src", import.meta.url).pathname } },
  build: { target: "es2022", assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { port: 5173, proxy: { "/api": "http://127.0.0.1:8000" } },
  test: {
    environment: "jsdom",
    include: ["src/**/*.test.{ts,tsx}"],
    setupFiles: ["src/test_setup.ts"],
    restoreMocks: true,
  },
});
