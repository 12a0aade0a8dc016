// SPDX-License-Identifier: LGPL-2.1-or-later
#include <gmock/gmock.h>

#include "bench.hpp"
#include "plugins/auth-pkcs11/entry.hpp"

namespace hearth::pkcs11::test {
namespace {

using testing::HasSubstr;

class Enroll : public Bench {
  protected:
    Enroll() { give_pins({"1234"}); }
    void expect_failure(hearth_status code, const std::string& why,
                        const std::string& uri = "pkcs11:token=card") {
        const auto made = enroll(uri);
        ASSERT_FALSE(made);
        EXPECT_EQ(made.error().code(), code) << made.error().text();
        EXPECT_THAT(made.error().text(), HasSubstr(why));
    }
    /// Enrolls, and lets the token find the secret again.
    Entry goes_well(const std::string& uri = "pkcs11:token=card") {
        auto made = enroll(uri);
        EXPECT_TRUE(made) << made.error().text();
        if (!made) return {};
        const auto found = acquire({made->entry});
        EXPECT_TRUE(found) << found.error().text();
        if (!found) return {};
        EXPECT_EQ(found->secret.view().text(), made->secret.view().text());
        secret_of_it = std::string(made->secret.view().text());
        return *parse_entry(made->entry);
    }
};

TEST_F(Enroll, RsaHidesHalfAModulus) {
    add_token("card").add(key_of("RSA"));
    const Entry entry = goes_well();
    EXPECT_EQ(entry.uri, "pkcs11:token=card");
    EXPECT_EQ(entry.padding, Padding::pkcs1);
    EXPECT_EQ(entry.data.size(), 256U);
    EXPECT_EQ(secret_of_it.size(), 128U);
}

TEST_F(Enroll, RsaTakesThePaddingThatTheTokenKnows) {
    FakeToken& token = add_token("card");
    token.add(key_of("RSA"));
    token.mechanisms = {CKM_RSA_PKCS_OAEP};
    EXPECT_EQ(goes_well().padding, Padding::oaep_sha256);
    token.knows_sha256 = false;
    EXPECT_EQ(goes_well().padding, Padding::oaep_sha1);
}

TEST_F(Enroll, CurvesAgreeOnACoordinate) {
    for (const auto& [curve, size] : {std::pair("P-256", 32U), {"P-384", 48U}, {"P-521", 66U}}) {
        module.tokens.clear();
        add_token("card").add(key_of(curve));
        const Entry entry = goes_well();
        EXPECT_TRUE(entry.is_point());
        EXPECT_EQ(entry.data.size(), 1 + 2 * size);
        EXPECT_EQ(secret_of_it.size(), size);
    }
}

TEST_F(Enroll, PointsAreShortenedForTokensThatTakeNoOthers) {
    FakeToken& token = add_token("card");
    token.add(key_of("P-256"));
    token.takes_short_points_only = true;
    EXPECT_TRUE(goes_well().is_point()) << "in the record it is always the long form";
}

TEST_F(Enroll, CertificatesAreKeysToo) {
    for (const std::string kind : {"RSA", "P-256"}) {
        module.tokens.clear();
        FakeToken& token = add_token("card");
        token.add_private(key_of(kind), "one");
        token.add_certificate(key_of(kind), "one");
        goes_well();
        token.add_public(key_of(kind), "one");
        goes_well();
    }
}

TEST_F(Enroll, BarePointsAreUnderstood) {
    FakeToken& token = add_token("card");
    token.add(key_of("P-256"));
    auto& point = token.objects[1].attributes[CKA_EC_POINT];
    point.erase(point.begin(), point.begin() + 2);
    goes_well();
}

TEST_F(Enroll, TheUriChoosesAmongKeys) {
    FakeToken& token = add_token("card");
    token.add(key_of("RSA"), "one");
    token.add(key_of("RSA", 1), "two");
    expect_failure(HEARTH_E_INVALID_ARGUMENT, "several keys");
    goes_well("pkcs11:token=card;id=two");
    goes_well("pkcs11:token=card;id=one;type=public");
}

TEST_F(Enroll, TheUriChoosesAmongTokens) {
    add_token("card").add(key_of("RSA"));
    add_token("card").add(key_of("RSA", 1));
    expect_failure(HEARTH_E_INVALID_ARGUMENT, "several tokens");
    module.tokens[1].info.serialNumber[0] = '9';
    goes_well("pkcs11:token=card;serial=9815");
    EXPECT_TRUE(module.tokens[0].pins_seen.empty());
}

TEST_F(Enroll, SaysWhatIsWrongWithTheUri) {
    add_token("card").add(key_of("RSA"));
    expect_failure(HEARTH_E_NEED_TOKEN, "no token is there", "pkcs11:token=other");
    expect_failure(HEARTH_E_INVALID_ARGUMENT, "must not have a PIN",
                   "pkcs11:token=card?pin-value=1234");
    expect_failure(HEARTH_E_INVALID_ARGUMENT, "wrong", "card");
    EXPECT_TRUE(module.tokens[0].pins_seen.empty());
}

TEST_F(Enroll, SaysWhatIsWrongWithTheKey) {
    FakeToken& token = add_token("card");
    expect_failure(HEARTH_E_NOT_SUPPORTED, "neither a public key nor a certificate");
    token.add_certificate(key_of("ED25519"), "one");
    expect_failure(HEARTH_E_NOT_SUPPORTED, "neither an RSA key nor one on a curve");
    token.objects.clear();
    token.add(key_of("RSA-1024"));
    expect_failure(HEARTH_E_NOT_SUPPORTED, "less than 2048 bits");
    token.objects.clear();
    token.add(key_of("secp256k1"));
    expect_failure(HEARTH_E_NOT_SUPPORTED, "another curve");
    token.objects.clear();
    token.add_certificate(key_of("secp256k1"), "one");
    expect_failure(HEARTH_E_NOT_SUPPORTED, "another curve");
    token.objects.clear();
    token.add_public(key_of("RSA"), "one");
    expect_failure(HEARTH_E_NOT_SUPPORTED, "no RSA key that may decrypt");
    token.add_private(key_of("RSA"), "one");
    token.objects.back().set_flag(CKA_DECRYPT, false);
    expect_failure(HEARTH_E_NOT_SUPPORTED, "no RSA key that may decrypt");
}

TEST_F(Enroll, SaysWhatIsWrongWithACertificate) {
    FakeToken& token = add_token("card");
    token.add_certificate(key_of("RSA"), "one");
    Bytes& der = token.objects[0].attributes[CKA_VALUE];
    const Bytes whole = der;
    for (const std::size_t size : {std::size_t{0}, std::size_t{10}, whole.size() - 1}) {
        der.resize(size);
        expect_failure(HEARTH_E_NOT_SUPPORTED, "certificate on the token is damaged");
    }
    der = whole;
    der.push_back(0);
    expect_failure(HEARTH_E_NOT_SUPPORTED, "certificate on the token is damaged");
    der.resize(100000);
    expect_failure(HEARTH_E_NOT_SUPPORTED, "far too long");
    der = whole;
    token.objects[0].set(CKA_CERTIFICATE_TYPE, CKC_WTLS);
    expect_failure(HEARTH_E_NOT_SUPPORTED, "not an X.509 one");
}

TEST_F(Enroll, SaysWhatIsWrongWithAPoint) {
    FakeToken& token = add_token("card");
    token.add(key_of("P-256"));
    Bytes& point = token.objects[1].attributes[CKA_EC_POINT];
    point.back() ^= 1U;
    expect_failure(HEARTH_E_NOT_SUPPORTED, "public key on the token is damaged");
    point.pop_back();
    expect_failure(HEARTH_E_NOT_SUPPORTED, "public key on the token is damaged");
    token.objects[1].attributes.erase(CKA_EC_POINT);
    expect_failure(HEARTH_E_NOT_SUPPORTED, "does not tell");
}

TEST_F(Enroll, ATokenThatCannotFindItsSecretIsNotTrusted) {
    FakeToken& token = add_token("card");
    token.add_private(key_of("P-256", 1), "one");
    token.add_public(key_of("P-256"), "one");
    expect_failure(HEARTH_E_CORRUPT, "another secret than was made for it");
}

TEST_F(Enroll, IsEndedByWhoeverDoesNotWait) {
    add_token("card").add(key_of("RSA"));
    const int cancel = ::eventfd(0, EFD_CLOEXEC);
    context.cancel_fd = cancel;
    module.on_call = [&](const std::string& name) {
        if (name == "C_FindObjectsInit") ::eventfd_write(cancel, 1);
    };
    expect_failure(HEARTH_E_CANCELLED, "cancelled");
    EXPECT_THAT(module.tokens[0].pins_seen, testing::ElementsAre("1234"));
    expect_failure(HEARTH_E_CANCELLED, "cancelled");
    EXPECT_EQ(module.tokens[0].pins_seen.size(), 1U) << "no try is spent after that";
    ::close(cancel);
}

}  // namespace
}  // namespace hearth::pkcs11::test
