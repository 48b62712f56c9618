import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./query.ts";
import { router } from "./router.tsx";
import { NoticeHost } from "./ui/NoticeHost.tsx";
import { Provider } from "./ui/Provider.tsx";

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <Provider>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
        <NoticeHost />
      </QueryClientProvider>
    </Provider>
  </StrictMode>,
);
