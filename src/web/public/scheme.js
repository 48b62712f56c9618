// Before the first paint: the reader's own choice of light or dark, if they made one (see ui/Provider.tsx).
try {
  const scheme = localStorage.getItem("openbook.scheme");
  if (scheme === "light" || scheme === "dark") document.documentElement.dataset.mantineColorScheme = scheme;
} catch {
  // Storage is switched off: the system's choice holds.
}
