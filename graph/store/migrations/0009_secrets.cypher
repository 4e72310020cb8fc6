// Which nodes use which secrets; and what the vault's audit device `graph` writes, which makes the same when it is first.
CREATE CONSTRAINT secret_id IF NOT EXISTS FOR (s:Secret) REQUIRE s.id IS UNIQUE;
CREATE CONSTRAINT vault_audit_device IF NOT EXISTS FOR (d:VaultAuditDevice) REQUIRE d.id IS UNIQUE;
CREATE INDEX vault_audit_at IF NOT EXISTS FOR (a:VaultAudit) ON (a.at);
CREATE INDEX vault_audit_path IF NOT EXISTS FOR (a:VaultAudit) ON (a.path, a.at);
CREATE INDEX vault_audit_chain IF NOT EXISTS FOR (a:VaultAudit) ON (a.device, a.seq);
