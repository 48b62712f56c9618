/** Templates: in the settings, where a call is logged, and on a request's page. */
export const templates = {
  "settings.templates": "Templates",
  "templates.intro":
    "What calls that come again and again are written down with. Chosen where a call is logged; what was logged with one stays as it is.",
  "templates.none": "No template yet. Add one here, or make one of a request on its page.",
  "templates.add": "Add a template",
  "templates.nameHint": "By which it is chosen.",
  "templates.saved": "The template “{name}” is saved.",
  "templates.make": "Make a template of this request",
  "templates.use": "Begin with a template",
  "templates.useNone": "None",
  "templates.offered": "Templates:",
  "templates.filled": "“{name}” filled in what was empty.",
  "templates.replaced": "“{name}” replaced “{words}” and filled in what was empty.",
} as const;
