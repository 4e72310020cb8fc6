"""What an operator and an application do with the unmodified `bao` command: one script for every server."""

from typing import Final

from .database import DATABASE
from .database import FILES as OF_DATABASES
from .steps import Step, steps

FILES: Final = {
    **OF_DATABASES,
    "app.hcl": 'path "secret/data/app/*" { capabilities = ["create", "read", "update", "list"] }\n'
    'path "secret/metadata/app/*" { capabilities = ["list", "read"] }\n'
    'path "secret/data/app/forbidden" { capabilities = ["deny"] }\n',
    "reader.json": '{"path": {"kv1/*": {"capabilities": ["read", "list"]}}}',
    "bad.hcl": 'path "x" { capabilities = ["fly"] }',
    "data.json": '{"user": "anna", "nested": {"list": [1, 2.5, null, true], "text": "ü"}}',
}


SEALS: Final = [
    Step("status", as_=""),
    Step("operator init -key-shares=2 -key-threshold=3", as_=""),
    Step(
        "operator init -key-shares=3 -key-threshold=2", as_="",
        keep={
            "share0": "unseal_keys_b64.0", "share1": "unseal_keys_b64.1", "share2": "unseal_keys_b64.2",
            "root": "root_token",
        },
    ),
    Step("operator init", as_=""),
    Step("secrets list", as_="root"),
    Step("operator unseal {share0}", as_=""),
    Step("operator unseal {share0}", as_=""),
    Step("operator unseal not-a-share", as_=""),
    Step("operator unseal -reset", as_=""),
    Step("operator unseal {share2}", as_=""),
    Step("status", as_=""),
    Step("operator unseal {share1}", as_=""),
    Step("status", as_=""),
    Step("operator key-status"),
    Step("operator rotate"),
    Step("operator key-status"),
]  # fmt: skip

MOUNTS: Final = steps("""
    secrets enable -path=secret -version=2 kv
    secrets enable -path=secret -version=2 kv
    secrets enable -path=secret/inside kv
    secrets enable -path=kv1 -description=old kv
    secrets enable nonsense
    secrets list
    secrets enable -path=deep/er kv
    secrets tune -default-lease-ttl=1h -max-lease-ttl=2h -description=tuned kv1
    read sys/mounts/kv1/tune
    secrets move deep/er deep/moved
    secrets move nowhere else
    secrets disable deep/moved
    secrets disable deep/moved
    secrets disable sys
    read sys/nothing
    read nowhere/at/all
    list sys/auth
""")

KV2: Final = [
    *steps("""
    kv put secret/app/one user=anna password=s3cret
    kv get secret/app/one
    kv get -field=password secret/app/one
    kv get -field=nothing secret/app/one
    kv put secret/app/one user=bert
    kv get secret/app/one
    kv get -version=1 secret/app/one
    kv get -version=9 secret/app/one
    kv patch secret/app/one more=1
    kv get secret/app/one
    kv patch secret/app/none more=1
    kv put -cas=0 secret/app/one x=1
    kv put -cas=3 secret/app/one x=1
    kv put -cas=0 secret/app/two x=1
    kv delete secret/app/one
    kv get secret/app/one
    kv undelete -versions=4 secret/app/one
    kv get secret/app/one
    kv destroy -versions=1,2 secret/app/one
    kv get -version=1 secret/app/one
    kv undelete -versions=1 secret/app/one
    kv get -version=1 secret/app/one
    kv rollback -version=3 secret/app/one
    kv get secret/app/one
    kv metadata get secret/app/one
    kv metadata put -max-versions=2 -delete-version-after=72h -custom-metadata=owner=anna secret/app/one
    kv metadata get secret/app/one
    kv put secret/app/one y=1
    kv metadata get secret/app/one
    kv metadata patch -custom-metadata=team=x secret/app/one
    kv metadata get secret/app/one
    kv list secret
    kv list secret/app
    kv list secret/nothing
    kv put secret/app/one/below z=1
    kv list secret/app
    kv put secret/app/json @data.json
    kv get secret/app/json
    read secret/config
    write secret/config max_versions=5 cas_required=false
    read secret/config
    read secret/subkeys/app/json
    read secret/app/one
    write secret/data/app/bad wrong=1
    kv metadata delete secret/app/two
    kv get secret/app/two
    """),
    Step("kv put secret/app/stdin value=-", stdin="from standard input"),
    Step("kv get secret/app/stdin"),
]

KV1: Final = steps("""
    kv put kv1/a x=1 y=two
    kv get kv1/a
    kv get kv1/nothing
    kv put kv1/a z=3
    kv get kv1/a
    kv list kv1
    kv put kv1/b/c q=1
    kv list kv1
    kv list kv1/b
    list kv1/nothing
    kv delete kv1/a
    kv delete kv1/a
    kv get kv1/a
    read kv1/b/c
""")

POLICIES: Final = [
    *steps("""
    policy list
    policy write app app.hcl
    policy write Reader reader.json
    policy write bad bad.hcl
    policy read app
    policy read nothing
    policy list
    policy delete root
    """),
    Step("policy read default", text=False),
    Step("token create -policy=app -ttl=1h", keep={"app": "auth.client_token", "app_accessor": "auth.accessor"}),
    Step("token create -policy=reader -ttl=1h", keep={"reader": "auth.client_token"}),
    Step("kv get secret/app/one", as_="app"),
    Step("kv put secret/app/new a=1", as_="app"),
    Step("kv get secret/app/forbidden", as_="app"),
    Step("kv get secret/other", as_="app"),
    Step("kv list secret/app", as_="app"),
    Step("kv delete secret/app/one", as_="app"),
    Step("secrets list", as_="app"),
    Step("read kv1/b/c", as_="reader"),
    Step("list kv1", as_="reader"),
    Step("write kv1/b/c q=2", as_="reader"),
    Step("read nowhere/at/all", as_="reader"),
    Step("token capabilities secret/data/app/one", as_="app"),
    Step("token capabilities secret/data/app/forbidden", as_="app"),
    Step("token capabilities {app} sys/mounts"),
    Step("token capabilities kv1/x"),
    Step("policy delete reader"),
    Step("read kv1/b/c", as_="reader"),
]

TOKENS: Final = [
    Step("token lookup", text=False),  # ours says more of a root token
    Step("token lookup {app}"),
    Step("token lookup -accessor {app_accessor}"),
    Step("token lookup", as_="app"),
    Step("token renew {app}"),
    Step("token renew -increment=30m {app}"),
    Step("token create -policy=app -use-limit=2 -ttl=10m", keep={"twice": "auth.client_token"}),
    Step("kv get secret/app/json", as_="twice"),
    Step("kv get secret/app/json", as_="twice"),
    Step("token create -policy=app -orphan -display-name=robot -metadata=a=b -explicit-max-ttl=2h"),
    Step("token create -policy=app -period=1h -renewable=true"),
    Step("token create -type=batch -policy=app -ttl=5m", keep={"batch": "auth.client_token"}),
    Step("kv get secret/app/json", as_="batch"),
    Step("token create -policy=root", as_="app"),
    Step("token create -policy=app -ttl=nonsense"),
    Step("write auth/token/roles/ci allowed_policies=app orphan=true token_period=1h"),
    Step("read auth/token/roles/ci"),
    Step("list auth/token/roles"),
    Step("token create -role=ci -policy=app"),
    Step("token create -role=ci -policy=default"),
    Step("token create -policy=app -ttl=1h", keep={"gone": "auth.client_token"}),
    Step("token revoke {gone}"),
    Step("token lookup {gone}"),
    Step("token revoke {gone}"),
    Step("token revoke -self", as_="reader"),
    Step("token lookup", as_="reader"),
    Step("write cubbyhole/mine a=1", as_="app"),
    Step("read cubbyhole/mine", as_="app"),
    Step("read cubbyhole/mine"),
    Step("list cubbyhole", as_="app"),
    Step("token create -policy=app -wrap-ttl=60s", keep={"wrapped": "wrap_info.token"}),
    Step("write sys/wrapping/lookup token={wrapped}"),
    Step("unwrap {wrapped}"),
    Step("unwrap {wrapped}"),
    Step("write sys/wrapping/wrap a=1"),
    Step("write -wrap-ttl=60s sys/wrapping/wrap a=1", keep={"mine": "wrap_info.token"}),
    Step("unwrap {mine}"),
]

AUTH: Final = [
    *steps("""
    auth enable approle
    auth enable approle
    auth enable userpass
    auth list
    write auth/approle/role/app token_policies=app token_ttl=20m token_max_ttl=1h secret_id_num_uses=2
    read auth/approle/role/app
    list auth/approle/role
    read auth/approle/role/none
    """),
    Step("read auth/approle/role/app/role-id", keep={"role_id": "data.role_id"}),
    Step(
        "write -f auth/approle/role/app/secret-id",
        keep={"secret_id": "data.secret_id", "secret_accessor": "data.secret_id_accessor"},
    ),
    Step("write auth/approle/role/app/secret-id/lookup secret_id={secret_id}"),
    Step("list auth/approle/role/app/secret-id"),
    Step(
        "write auth/approle/login role_id={role_id} secret_id={secret_id}",
        as_="",
        keep={"approle": "auth.client_token"},
    ),
    Step("kv get secret/app/json", as_="approle"),
    Step("write auth/approle/login role_id={role_id} secret_id={secret_id}", as_=""),
    Step("write auth/approle/login role_id={role_id} secret_id={secret_id}", as_=""),
    Step("write auth/approle/login role_id={role_id} secret_id=wrong", as_=""),
    Step("write auth/approle/login role_id=wrong secret_id=wrong", as_=""),
    Step("write auth/userpass/users/anna password=longenough token_policies=app token_ttl=5m"),
    Step("read auth/userpass/users/anna"),
    Step("list auth/userpass/users"),
    Step("login -method=userpass -no-print username=anna password=longenough", as_="", json=False),
    Step("write auth/userpass/login/anna password=longenough", as_="", keep={"anna": "auth.client_token"}),
    Step("kv get secret/app/json", as_="anna"),
    Step("write auth/userpass/login/anna password=wrong", as_=""),
    Step("write auth/userpass/login/nobody password=wrong", as_=""),
    Step("write auth/userpass/users/anna/password password=another-one"),
    Step("write auth/userpass/login/anna password=longenough", as_=""),
    Step("delete auth/userpass/users/anna"),
    Step("auth disable userpass"),
    Step("token lookup", as_="anna"),
]

TRANSIT: Final = [
    *steps("""
    secrets enable transit
    write -f transit/keys/aes
    read transit/keys/aes
    read transit/keys/none
    list transit/keys
    write transit/encrypt/aes plaintext=not-base64!
    write transit/encrypt/none2 plaintext=aGk=
    """),
    Step("write transit/encrypt/aes plaintext=aGVsbG8=", keep={"ciphertext": "data.ciphertext"}),
    Step("write transit/decrypt/aes ciphertext={ciphertext}"),
    Step("write transit/decrypt/aes ciphertext=vault:v1:AAAA"),
    Step("write transit/decrypt/aes ciphertext=plain"),
    Step("write -f transit/keys/aes/rotate"),
    Step("write transit/rewrap/aes ciphertext={ciphertext}", keep={"rewrapped": "data.ciphertext"}),
    Step("write transit/decrypt/aes ciphertext={rewrapped}"),
    Step("write transit/keys/aes/config min_decryption_version=2"),
    Step("write transit/decrypt/aes ciphertext={ciphertext}"),
    Step("delete transit/keys/aes"),
    Step("write transit/keys/aes/config deletion_allowed=true"),
    Step("delete transit/keys/aes"),
    Step("write transit/keys/sign type=ed25519"),
    Step("write transit/sign/sign input=aGVsbG8=", keep={"signature": "data.signature"}),
    Step("write transit/verify/sign input=aGVsbG8= signature={signature}"),
    Step("write transit/verify/sign input=aGVsbG9v signature={signature}"),
    Step("write transit/keys/ec type=ecdsa-p256"),
    Step("write transit/sign/ec/sha2-256 input=aGVsbG8=", keep={"ec": "data.signature"}),
    Step("write transit/verify/ec/sha2-256 input=aGVsbG8= signature={ec}"),
    Step("write transit/keys/rsa type=rsa-2048"),
    Step("write transit/sign/rsa input=aGVsbG8= signature_algorithm=pkcs1v15", keep={"rsa": "data.signature"}),
    Step("write transit/verify/rsa input=aGVsbG8= signature={rsa} signature_algorithm=pkcs1v15"),
    Step("write transit/keys/derived type=aes256-gcm96 derived=true convergent_encryption=true"),
    Step("write transit/encrypt/derived plaintext=aGVsbG8="),
    Step(
        "write transit/encrypt/derived plaintext=aGVsbG8= context=Y29udGV4dA==", keep={"convergent": "data.ciphertext"}
    ),
    Step("write transit/decrypt/derived ciphertext={convergent} context=Y29udGV4dA=="),
    Step("write -f transit/datakey/plaintext/derived context=Y29udGV4dA==", text=False),
    Step("write transit/hmac/sign input=aGVsbG8="),
    Step("write transit/hash/sha2-256 input=aGVsbG8="),
    Step("write transit/hash/nonsense input=aGVsbG8="),
    Step("write transit/random/16 format=hex"),
    Step("read transit/export/encryption-key/derived"),
    Step("write transit/keys/out type=aes256-gcm96 exportable=true allow_plaintext_backup=true"),
    Step("read transit/export/encryption-key/out"),
    Step("read transit/backup/sign", text=False),
    Step("write sys/tools/random/8 format=hex"),
    Step("write sys/tools/hash/sha2-512 input=aGVsbG8="),
]

PKI: Final = [
    *steps("""
    secrets enable -max-lease-ttl=87600h pki
    """),
    Step("write pki/root/generate/internal common_name=Root key_type=ec key_bits=256 ttl=8760h issuer_name=root"),
    Step("list pki/issuers"),
    Step("write pki/roles/web allowed_domains=example.com allow_subdomains=true max_ttl=72h key_type=ec key_bits=256"),
    Step("read pki/roles/web"),
    Step("read pki/roles/none"),
    Step("list pki/roles"),
    Step("write pki/issue/web common_name=a.example.com ttl=1h", keep={"serial": "data.serial_number"}),
    Step("write pki/issue/web common_name=a.example.org"),
    Step("write pki/issue/none common_name=a.example.com"),
    Step("write pki/issue/web common_name=b.example.com alt_names=c.example.com,evil.org"),
    Step("read pki/cert/{serial}"),
    Step("read pki/cert/00:11"),
    Step("list pki/certs"),
    Step("write pki/revoke serial_number={serial}"),
    Step("read pki/cert/{serial}"),
    Step("read pki/crl/rotate"),
    Step("read pki/config/urls"),
    Step("read pki/config/crl"),
    Step("write pki/tidy tidy_cert_store=true safety_buffer=1h", text=False),
    Step("delete pki/roles/web"),
]

LEASES: Final = steps("""
    list sys/leases/lookup/auth/approle/login
    lease lookup nothing/here
    lease renew nothing/here
    lease revoke nothing/here
    lease revoke -prefix auth/approle
""")

AUDIT: Final = [
    Step("audit list"),
    Step("audit enable file file_path={folder}/audit.log"),
    Step("audit enable -path=bad file file_path={folder}/app.hcl/audit.log", text=False),
    Step("audit list"),
    Step("write sys/audit-hash/file input=hello"),
    Step("write sys/audit-hash/none input=hello"),
    Step("kv get secret/app/json"),
    Step("audit disable file"),
    Step("audit disable file"),
]

ENDS: Final = [
    Step("operator rekey -init -key-shares=2 -key-threshold=2", keep={"nonce": "nonce"}),
    Step("operator rekey -status"),
    Step("operator rekey -nonce={nonce} {share0}"),
    Step("operator rekey -nonce={nonce} {share2}", keep={"new0": "keys_base64.0", "new1": "keys_base64.1"}),
    Step("operator rekey -status"),
    Step("operator generate-root -init", keep={"root_nonce": "nonce", "otp": "otp"}),
    Step("operator generate-root -nonce={root_nonce} {new0}"),
    Step("operator generate-root -nonce={root_nonce} {new1}", keep={"encoded": "encoded_token"}),
    Step("operator generate-root -cancel"),
    Step("operator seal"),
    Step("status", as_=""),
    Step("kv get secret/app/json"),
    Step("operator unseal {share0}", as_=""),
    Step("operator unseal {share2}", as_="", text=False),
    Step("operator unseal -reset", as_=""),
    Step("operator unseal {new0}", as_=""),
    Step("operator unseal {new1}", as_=""),
    Step("kv get secret/app/json"),
    Step("read kv1/b/c"),
    Step("secrets list"),
]

SCRIPT: Final = [
    *SEALS, *MOUNTS, *KV2, *KV1, *POLICIES, *TOKENS, *AUTH, *TRANSIT, *PKI, *DATABASE, *LEASES, *AUDIT, *ENDS,
]  # fmt: skip
