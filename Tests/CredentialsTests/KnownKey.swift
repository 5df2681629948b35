/// A key and a certificate made with OpenSSL, and what OpenSSL and coreutils say of them:
/// ```
/// openssl pkey -in key.pem -pubout -outform DER >spki.der
/// openssl dgst -sha256 -binary spki.der | head -c 30 | base32 | fold -w4 | paste -sd:
/// ```
/// Used nowhere but in these tests.
enum KnownKey {
    static let libtrustIdentifier = "NNZN:CSON:4LK6:MRAT:NQWH:VMXB:YCTT:O6LZ:ZHWE:T2GO:JCCX:EWBR"
    static let x = "Tzt-hgKOGwXeveR4zbwI02biMznPpT3qDP7djQyusqI"
    static let y = "PBsvI6RbV8AdBt7BiqCDTKHcrezmSkbQflJkUXlsFUs"
    /// SHA-256 of `{"crv":"P-256","kty":"EC","x":…,"y":…}`, by Python's hashlib.
    static let thumbprint = "R_QOV1_6OToiqqVS8jqrlnLTXFJMI4eS_6N3Li8HeHQ"

    static let privateKey = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgCpYSUcOrVFRx5WiA
        YGxE9P8pOmbWWNdQ4cBypOXfOMyhRANCAARPO36GAo4bBd695HjNvAjTZuIzOc+l
        PeoM/t2NDK6yojwbLyOkW1fAHQbewYqgg0yh3K3s5kpG0H5SZFF5bBVL
        -----END PRIVATE KEY-----

        """

    /// The same key in SEC 1's form, as `openssl ecparam -genkey` writes it.
    static let privateKeySEC1 = """
        -----BEGIN EC PARAMETERS-----
        BggqhkjOPQMBBw==
        -----END EC PARAMETERS-----
        -----BEGIN EC PRIVATE KEY-----
        MHcCAQEEIAqWElHDq1RUceVogGBsRPT/KTpm1ljXUOHAcqTl3zjMoAoGCCqGSM49
        AwEHoUQDQgAETzt+hgKOGwXeveR4zbwI02biMznPpT3qDP7djQyusqI8Gy8jpFtX
        wB0G3sGKoINModyt7OZKRtB+UmRReWwVSw==
        -----END EC PRIVATE KEY-----

        """

    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBhTCCASugAwIBAgIUdTSUy3k3vkbqpBr1bpe+6t+QT7EwCgYIKoZIzj0EAwIw
        FzEVMBMGA1UEAwwMa25vd24gYW5zd2VyMCAXDTI2MTEyMzIzNDUxNFoYDzIxMjYx
        MDMwMjM0NTE0WjAXMRUwEwYDVQQDDAxrbm93biBhbnN3ZXIwWTATBgcqhkjOPQIB
        BggqhkjOPQMBBwNCAARPO36GAo4bBd695HjNvAjTZuIzOc+lPeoM/t2NDK6yojwb
        LyOkW1fAHQbewYqgg0yh3K3s5kpG0H5SZFF5bBVLo1MwUTAdBgNVHQ4EFgQUzUDm
        sXWyBgj8Z5piNxs8Fly3ERkwHwYDVR0jBBgwFoAUzUDmsXWyBgj8Z5piNxs8Fly3
        ERkwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBTQXhao0wePy9G
        Eze5NCUKbQwBp2euY8lXz9rhF9n1+AIhAPPyiphzioSBXfUygfrMeEvxcCRrS15M
        xEmQbhvYvCK7
        -----END CERTIFICATE-----

        """
}
