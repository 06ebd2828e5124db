#!/bin/sh
# Checks a webhook of Liannong with nothing but a shell and openssl: the body on standard input, the three headers and
# the secret in the environment.
#
# WEBHOOK_SECRET=whsec_… WEBHOOK_ID=… WEBHOOK_TIMESTAMP=… WEBHOOK_SIGNATURE=… sh verify.sh < body
set -eu
tolerance=300 # seconds
now=${WEBHOOK_NOW:-$(date +%s)}
age=$((now - WEBHOOK_TIMESTAMP))
if [ "$age" -gt "$tolerance" ] || [ "$age" -lt "-$tolerance" ]; then
    echo 'refused: too old, or from the future' >&2
    exit 1
fi
key=$(printf '%s' "${WEBHOOK_SECRET#whsec_}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n')
expected=$({ printf '%s.%s.' "$WEBHOOK_ID" "$WEBHOOK_TIMESTAMP"; cat; } |
    openssl dgst -sha256 -mac HMAC -macopt "hexkey:$key" -binary | openssl base64 -A)
# While a secret is changed there are two signatures; one that fits is enough.
for signature in $WEBHOOK_SIGNATURE; do
    if [ "$signature" = "v1,$expected" ]; then
        echo sound
        exit 0
    fi
done
echo 'refused: no signature fits' >&2
exit 1
