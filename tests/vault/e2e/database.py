"""The part of the script that is about databases: one PostgreSQL, in which each server has users of its own.

A line `sign-in USER PASSWORD` is no command: it says whether the database lets the user in.
"""

from typing import Final

from .steps import Step, steps

FILES: Final = {
    "create.sql": "CREATE ROLE \"{{name}}\" LOGIN PASSWORD '{{password}}' VALID UNTIL '{{expiration}}' IN ROLE readers",
    "renew.sql": "ALTER ROLE \"{{name}}\" VALID UNTIL '{{expiration}}'",
    "revoke.sql": 'DROP ROLE "{{name}}"',
    "broken.sql": "CREATE NOTHING AT ALL",
    "rotate.sql": "ALTER ROLE \"{{name}}\" WITH PASSWORD '{{password}}'",
    "long.hcl": 'length = 30\nrule "charset" {\n  charset = "abcdef"\n  min-chars = 1\n}\n'
    'rule "charset" {\n  charset = "012345"\n  min-chars = 5\n}\n',
    "short.hcl": 'length = 2\nrule "charset" {\n  charset = "abcdef"\n}\n',
}
MADE: Final = {"db_user": "data.username", "db_secret": "data.password"}
_POSTGRESQL: Final = "plugin_name=postgresql-database-plugin connection_url='{pg_url}' username={pg_admin}"

CONFIGURATION: Final = [
    *steps("""
    secrets enable database
    list database/config
    list database/roles
    list database/static-roles
    read database/config/pg
    write database/config/pg connection_url=x
    write database/config/pg plugin_name=postgresql-database-plugin
    """),
    Step("write database/config/pg plugin_name=nonsense connection_url=x", text=False),
    Step(f"write database/config/pg {_POSTGRESQL} password=not-this-one", text=False),
    Step("read database/config/pg"),
    Step(f"write database/config/unseen {_POSTGRESQL} password=not-this-one verify_connection=false"),
    Step("read database/config/unseen"),
    Step(f"write database/config/pg {_POSTGRESQL} password={{pg_password}} allowed_roles=app,broken,fixed"),
    *steps("""
    read database/config/pg
    list database/config
    delete database/config/unseen
    delete database/config/unseen
    read database/config/unseen
    list database/config
    """),
]

ROLES: Final = [
    *steps("""
    write database/roles/app creation_statements=@create.sql
    write database/roles/app db_name=pg creation_statements=@create.sql default_ttl=3h max_ttl=2h
    write database/roles/app db_name=pg creation_statements=@create.sql default_ttl=1h max_ttl=2h
    read database/roles/app
    write database/roles/app default_ttl=30m
    read database/roles/app
    write database/roles/other db_name=pg creation_statements=@create.sql
    write database/roles/nowhere db_name=nothing creation_statements=@create.sql
    list database/roles
    read database/roles/none
    read database/creds/none
    delete database/roles/nowhere
    delete database/roles/nowhere
    """),
    Step("write database/roles/broken db_name=pg creation_statements=@broken.sql"),
    Step("write database/roles/app default_ttl=nonsense", text=False),
    Step("read database/creds/other", text=False),
    Step("read database/creds/nowhere", text=False),
    Step("read database/creds/broken", text=False),
]

CREDENTIALS: Final = [
    Step("read database/creds/app", keep={"db_lease": "lease_id", **MADE}),
    Step("sign-in {db_user} {db_secret}"),
    Step("sign-in {db_user} wrong"),
    Step("lease lookup {db_lease}"),
    Step("list sys/leases/lookup/database/creds/app", keep={"db_listed": "0"}),
    Step("lease renew {db_lease}"),
    Step("lease renew -increment=90m {db_lease}"),
    Step("lease renew -increment=24h {db_lease}"),
    Step("sign-in {db_user} {db_secret}"),
    Step("lease revoke -sync {db_lease}"),
    Step("sign-in {db_user} {db_secret}"),
    Step("lease lookup {db_lease}"),
    Step("lease renew {db_lease}"),
    Step("write database/roles/app revocation_statements=@revoke.sql renew_statements=@renew.sql"),
    Step("read database/roles/app"),
    Step("read database/creds/app", keep={"db_lease2": "lease_id", **MADE}),
    Step("lease renew -increment=10m {db_lease2}"),
    Step("sign-in {db_user} {db_secret}"),
    Step("lease revoke -sync -prefix database/creds/app"),
    Step("sign-in {db_user} {db_secret}"),
    Step("list sys/leases/lookup/database/creds/app"),
    Step("read database/creds/app", as_="app"),
]  # fmt: skip

STATIC: Final = [
    *steps("""
    write database/static-roles/fixed db_name=pg rotation_period=1h
    write database/static-roles/fixed username={pg_static} rotation_period=1h
    write database/static-roles/fixed db_name=pg username={pg_static}
    write database/static-roles/fixed db_name=pg username={pg_static} rotation_period=1s
    write database/static-roles/other db_name=pg username={pg_static} rotation_period=1h
    write database/static-roles/fixed db_name=pg username={pg_static} rotation_period=1h
    read database/static-roles/fixed
    list database/static-roles
    read database/static-roles/none
    """),
    Step("write database/static-roles/unallowed db_name=pg username={pg_static} rotation_period=1h", text=False),
    Step("read database/static-creds/fixed", keep={"db_static": "data.password"}),
    Step("sign-in {pg_static} {db_static}"),
    Step("write -f database/rotate-role/fixed"),
    Step("sign-in {pg_static} {db_static}"),
    Step("read database/static-creds/fixed", keep={"db_static": "data.password"}),
    Step("sign-in {pg_static} {db_static}"),
    *steps("""
    write database/static-roles/fixed db_name=pg username=somebody-else rotation_period=1h
    write database/static-roles/fixed db_name=pg username={pg_static} rotation_period=2h rotation_statements=@rotate.sql
    read database/static-roles/fixed
    write database/roles/fixed db_name=pg creation_statements=@create.sql
    read database/static-creds/none
    write -f database/rotate-role/none
    """),
    Step("write -f database/rotate-role/fixed"),
    Step("sign-in {pg_static} {db_static}"),
]

ROOT: Final = [
    Step("write -f database/rotate-root/pg"),
    Step("sign-in {pg_admin} {pg_password}"),
    Step("read database/config/pg"),
    Step("read database/creds/app", keep=MADE),
    Step("sign-in {db_user} {db_secret}"),
    Step("write -f database/reset/pg"),
    Step("write -f database/reset/none", text=False),
    Step("write -f database/rotate-root/none", text=False),
    Step("delete database/static-roles/fixed"),
    Step("delete database/roles/app"),
    Step("read database/creds/app"),
    Step("sign-in {db_user} {db_secret}"),
    Step("secrets disable database"),
    Step("sign-in {db_user} {db_secret}"),
]

PASSWORDS: Final = [
    *steps("""
    list sys/policies/password
    read sys/policies/password/long
    read sys/policies/password/long/generate
    write sys/policies/password/long other=1
    write sys/policies/password/long policy=@short.hcl
    write sys/policies/password/long policy=@long.hcl
    read sys/policies/password/long
    list sys/policies/password
    """),
    Step("read sys/policies/password/long/generate", keep={"db_secret": "data.password"}),
    Step(f"write database/config/pg {_POSTGRESQL} password={{pg_password}} password_policy=long"),
    Step("read database/config/pg"),
    Step("read database/creds/app", keep=MADE),
    Step("sign-in {db_user} {db_secret}"),
    Step(f"write database/config/pg {_POSTGRESQL} password={{pg_password}} password_policy="),
    Step("delete sys/policies/password/long"),
    Step("delete sys/policies/password/long"),
]

DATABASE: Final = [*CONFIGURATION, *ROLES, *CREDENTIALS, *PASSWORDS, *STATIC, *ROOT]
