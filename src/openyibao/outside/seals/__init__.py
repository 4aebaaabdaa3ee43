"""National cryptography 商用密码: SM2 signatures, SM3 digests, SM4 ciphers, and the HMAC and SHA digests that older gateways ask for."""
