// Words of administration: users, teams, roles, numbers, contact roles, settings, routing, embedding.

export const admin = { title: "Administration" } as const;
