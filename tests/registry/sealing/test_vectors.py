"""The suites give what the standards print."""

import hashlib

import pytest
from cryptography.hazmat.primitives import hashes

from registry.sealing.providers import Cipher
from registry.sealing.suites import SUITES

AES, SM4 = SUITES[Cipher.AES], SUITES[Cipher.SM4]
GCM = [
    pytest.param(  # RFC 8998, appendix A.1
        SM4,
        "0123456789ABCDEFFEDCBA9876543210",
        "00001234567800000000ABCD",
        "FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2",
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD"
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA",
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735"
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D"
        "83DE3541E4C2B58177E065A9BF7B62EC",
        id="sm4-rfc-8998",
    ),
    pytest.param(  # McGrew and Viega's test case 14, as in NIST's GCM submission
        AES,
        "00" * 32,
        "00" * 12,
        "",
        "00" * 16,
        "CEA7403D4D606B6E074EC5D3BAF39D18" + "D0D1C8A799996BF0265B98B5D48AB919",
        id="aes-256-case-14",
    ),
    pytest.param(  # test case 16, with associated data
        AES,
        "FEFFE9928665731C6D6A8F9467308308" * 2,
        "CAFEBABEFACEDBADDECAF888",
        "FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2",
        "D9313225F88406E5A55909C5AFF5269A86A7A9531534F7DA2E4C303D8A318A72"
        "1C3C0C95956809532FCF0E2449A6B525B16AEDF5AA0DE657BA637B39",
        "522DC1F099567D07F47F37A32A84427D643A8CDCBFE5C0C97598A2BD2555D1AA"
        "8CB08E48590DBB3DA7B08B1056828838C5F61E6393BA7A0ABCC9F662"
        "76FC6ECE0F4E1768CDDF8853BB2D551B",
        id="aes-256-case-16",
    ),
]


@pytest.mark.parametrize(("suite", "key", "nonce", "bound", "plain", "sealed"), GCM)
def test_galois_counter_mode_gives_the_printed_ciphertext_and_tag(suite, key, nonce, bound, plain, sealed):
    key, nonce, bound, plain, sealed = map(bytes.fromhex, (key, nonce, bound, plain, sealed))

    assert len(key) == suite.key_bytes
    assert suite.aead(key).encrypt(nonce, plain, bound) == sealed
    assert suite.aead(key).decrypt(nonce, sealed, bound) == plain


def test_sm3_gives_the_digest_that_its_standard_prints():
    digest = hashes.Hash(SM4.digest())  # GB/T 32905-2016, example 1
    digest.update(b"abc")
    assert digest.finalize().hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_hmac_sha_256_gives_the_printed_value():
    running = AES.keyed_digest(b"Jefe")  # RFC 4231, test case 2
    running.update(b"what do ya want for nothing?")
    assert running.finalize().hex() == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"


def test_hmac_sm3_is_what_rfc_2104_says_of_any_digest():
    key, text = bytes(range(32)), "示例".encode()
    inner, outer = (bytes(byte ^ pad for byte in key.ljust(64, b"\0")) for pad in (0x36, 0x5C))
    expected = hashlib.new("sm3", outer + hashlib.new("sm3", inner + text).digest()).hexdigest()
    running = SM4.keyed_digest(key)
    running.update(text)
    assert running.finalize().hex() == expected
