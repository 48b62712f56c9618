import {
  type CSSVariablesResolver,
  createTheme,
  localStorageColorSchemeManager,
  type MantineColorScheme,
  MantineProvider,
  useComputedColorScheme,
  useMantineColorScheme,
  type VariantColorsResolver,
} from "@mantine/core";
import type { ReactNode } from "react";
import "@fontsource-variable/inter/wght.css";
import "@fontsource/source-serif-4/400.css";
import "@mantine/core/styles/default-css-variables.layer.css";
import "@mantine/core/styles/baseline.layer.css";
import "@mantine/core/styles/global.layer.css";
import "./tokens.css";
import "./base.css";
import "./print.css";

export type Scheme = "auto" | "light" | "dark";

/** Buttons know three looks, all made of our own tokens: filled (the one thing to do), default, subtle. */
const colors: VariantColorsResolver = ({ variant, color }) => {
  const bad = color === "bad";
  const main = bad ? "var(--bad)" : "var(--accent)";
  if (variant === "filled") {
    return {
      background: main,
      hover: bad ? "var(--bad)" : "var(--accent-strong)",
      color: bad ? "var(--paper)" : "var(--on-accent)",
      border: "1px solid transparent",
    };
  }
  if (variant === "default") {
    return {
      background: "var(--sheet)",
      hover: "var(--shade)",
      color: bad ? "var(--bad)" : "var(--ink)",
      border: "1px solid var(--line-strong)",
    };
  }
  return { background: "transparent", hover: "var(--shade)", color: main, border: "1px solid transparent" };
};

const theme = createTheme({
  variantColorResolver: colors,
  cursorType: "pointer",
  activeClassName: "",
  respectReducedMotion: true,
});

const manager = localStorageColorSchemeManager({ key: "openbook.scheme" });
const noVariables: CSSVariablesResolver = () => ({ variables: {}, light: {}, dark: {} });

/** The nonce the server wrote into the page, for the style elements that a library may still make. */
function nonce(): string {
  return document.querySelector('meta[name="csp-nonce"]')?.getAttribute("content") ?? "";
}

/**
 * Look and colour scheme. Mantine's variables stand in tokens.css: it writes no style element of its own, which keeps
 * the pages within Trusted Types.
 */
export function Provider({ children }: { children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={manager}
      cssVariablesResolver={noVariables}
      withCssVariables={false}
      withGlobalClasses={false}
      deduplicateInlineStyles
      getStyleNonce={nonce}
    >
      {children}
    </MantineProvider>
  );
}

/** The reader's choice of light, dark or the system's, and how to change it. */
export function useScheme(): { scheme: Scheme; setScheme: (scheme: Scheme) => void; dark: boolean } {
  // Without `keepTransitions` Mantine writes a style element as text, which Trusted Types refuse.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const computed = useComputedColorScheme("light", { getInitialValueInEffect: false });
  return {
    scheme: colorScheme as Scheme,
    setScheme: (scheme) => setColorScheme(scheme as MantineColorScheme),
    dark: computed === "dark",
  };
}
