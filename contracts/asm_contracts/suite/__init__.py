"""The contract tests, for any endpoint and any client.

pytest --pyargs asm_contracts.suite --driver client --endpoint https://127.0.0.1:8443 --certificate management.pem \
    --ca ca.pem --subscription 00000000-0000-0000-0000-000000000001

A driver carries the calls (see `asm_contracts.suite.driver`); the tests are the same for every one.  They make
resources under names of their own, touch no others, and take away what they made.
"""
