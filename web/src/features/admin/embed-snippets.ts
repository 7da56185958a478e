// What an integrator copies, filled in for this firm and server; and an origin as somebody types it. Pure.

/** Scheme, host and port, as a browser names an origin; undefined where it is none, or has more to it than a slash. */
export function originOf(written: string): string | undefined {
  const trimmed = written.trim();
  if (!/^https?:\/\//i.test(trimmed)) {
    return undefined;
  }
  try {
    const url = new URL(trimmed);
    const hasMore =
      url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "" || url.password !== "";
    return hasMore || trimmed.includes("*") ? undefined : url.origin;
  } catch {
    return undefined;
  }
}

export function snippets(server: string, organization: string): { shell: string; server: string; page: string } {
  return {
    shell: 'casewire admin token --email admin@your-firm.example --label "Case system"',
    server: [
      `curl ${server}/api/embed/launch-tokens \\`,
      '  -H "Authorization: Bearer $CASEWIRE_TOKEN" \\',
      "  -H 'Content-Type: application/json' \\",
      `  -d '{"user_email": "agent@your-firm.example"}'`,
    ].join("\n"),
    page: [
      `<script src="${server}/embed.js" defer></script>`,
      "<casewire-case",
      `  server="${server}"`,
      `  organization="${organization}"`,
      '  case-id="THE-CASE-NUMBER"',
      '  launch-url="/casewire-launch"',
      "></casewire-case>",
    ].join("\n"),
  };
}
