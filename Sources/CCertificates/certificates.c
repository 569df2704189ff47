#include "CCertificates.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { day = 86400 };

static const unsigned char ipv4_loopback[8] = {127, 0, 0, 0, 255, 0, 0, 0};
static const unsigned char ipv6_loopback[32] = {
    [15] = 1, [16 ... 31] = 255,
};
static const unsigned char ipv4_address[4] = {127, 0, 0, 1};

static gnutls_datum_t text_of(const char *text) {
    return (gnutls_datum_t){(unsigned char *)(uintptr_t)text, (unsigned int)strlen(text)};
}

/// A certificate and its key in the library's hands.
struct identity {
    gnutls_x509_crt_t certificate;
    gnutls_x509_privkey_t key;
};

static int start(struct identity *identity) {
    memset(identity, 0, sizeof *identity);
    int code = gnutls_x509_crt_init(&identity->certificate);
    if (code < 0) return code;
    return gnutls_x509_privkey_init(&identity->key);
}

static void end(struct identity *identity) {
    if (identity->certificate != NULL) gnutls_x509_crt_deinit(identity->certificate);
    if (identity->key != NULL) gnutls_x509_privkey_deinit(identity->key);
}

static int read_pair(const struct ccert_pair *pair, struct identity *identity) {
    int code = start(identity);
    if (code < 0) return code;
    if (pair->certificate == NULL || pair->key == NULL) return GNUTLS_E_NO_CERTIFICATE_FOUND;
    gnutls_datum_t certificate = text_of(pair->certificate), key = text_of(pair->key);
    code = gnutls_x509_crt_import(identity->certificate, &certificate, GNUTLS_X509_FMT_PEM);
    if (code < 0) return code;
    return gnutls_x509_privkey_import2(identity->key, &key, GNUTLS_X509_FMT_PEM, NULL, 0);
}

/// Begins a certificate with a new key.
static int begin(struct identity *made, const char *name, int64_t from, int64_t until) {
    unsigned char serial[16], id[64];
    size_t id_size = sizeof id;
    int code = start(made);
    if (code >= 0)
        code = gnutls_x509_privkey_generate(made->key, GNUTLS_PK_ECDSA,
                                            GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0);
    if (code >= 0) code = gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof serial);
    // Positive, and not shorter than it looks.
    serial[0] = (unsigned char)((serial[0] & 0x3F) | 0x40);
    if (code >= 0) code = gnutls_x509_crt_set_version(made->certificate, 3);
    if (code >= 0) code = gnutls_x509_crt_set_serial(made->certificate, serial, sizeof serial);
    if (code >= 0) code = gnutls_x509_crt_set_activation_time(made->certificate, (time_t)from);
    if (code >= 0) code = gnutls_x509_crt_set_expiration_time(made->certificate, (time_t)until);
    if (code >= 0)
        code = gnutls_x509_crt_set_dn_by_oid(made->certificate, GNUTLS_OID_X520_COMMON_NAME, 0, name,
                                             (unsigned int)strlen(name));
    if (code >= 0) code = gnutls_x509_crt_set_key(made->certificate, made->key);
    if (code >= 0) code = gnutls_x509_crt_get_key_id(made->certificate, 0, id, &id_size);
    if (code >= 0) code = gnutls_x509_crt_set_subject_key_id(made->certificate, id, id_size < 20 ? id_size : 20);
    return code;
}

static char *copy(gnutls_datum_t *text) {
    char *result = malloc((size_t)text->size + 1);
    if (result != NULL) {
        memcpy(result, text->data, text->size);
        result[text->size] = 0;
    }
    gnutls_free(text->data);
    text->data = NULL;
    return result;
}

static int export(const struct identity *made, struct ccert_pair *texts) {
    gnutls_datum_t text;
    int code = gnutls_x509_crt_export2(made->certificate, GNUTLS_X509_FMT_PEM, &text);
    if (code < 0) return code;
    texts->certificate = copy(&text);
    code = gnutls_x509_privkey_export2_pkcs8(made->key, GNUTLS_X509_FMT_PEM, NULL, GNUTLS_PKCS_PLAIN, &text);
    if (code < 0) return code;
    texts->key = copy(&text);
    return texts->certificate != NULL && texts->key != NULL ? 0 : GNUTLS_E_MEMORY_ERROR;
}

static int permit(gnutls_x509_name_constraints_t constraints, gnutls_x509_subject_alt_name_t kind, const void *data,
                  size_t size) {
    // The library keeps the memory of names.
    gnutls_datum_t name = {gnutls_malloc(size + 1), (unsigned int)size};
    if (name.data == NULL) return GNUTLS_E_MEMORY_ERROR;
    memcpy(name.data, data, size);
    name.data[size] = 0;
    int code = gnutls_x509_name_constraints_add_permitted(constraints, kind, &name);
    gnutls_free(name.data);
    return code;
}

static int constrain(gnutls_x509_crt_t certificate, const char *host) {
    gnutls_x509_name_constraints_t constraints;
    int code = gnutls_x509_name_constraints_init(&constraints);
    if (code < 0) return code;
    code = permit(constraints, GNUTLS_SAN_DNSNAME, host, strlen(host));
    if (code >= 0) code = permit(constraints, GNUTLS_SAN_DNSNAME, "localhost", 9);
    if (code >= 0) code = permit(constraints, GNUTLS_SAN_IPADDRESS, ipv4_loopback, sizeof ipv4_loopback);
    if (code >= 0) code = permit(constraints, GNUTLS_SAN_IPADDRESS, ipv6_loopback, sizeof ipv6_loopback);
    if (code >= 0) code = gnutls_x509_crt_set_name_constraints(certificate, constraints, 1);
    gnutls_x509_name_constraints_deinit(constraints);
    return code;
}

int ccert_make_authority(const char *host, int64_t now, struct ccert_pair *texts) {
    struct identity made;
    int code = begin(&made, "cliprise-mock authority of this machine", now - day, now + 3650 * (int64_t)day);
    if (code >= 0) code = gnutls_x509_crt_set_basic_constraints(made.certificate, 1, 0);
    if (code >= 0) code = gnutls_x509_crt_set_key_usage(made.certificate, GNUTLS_KEY_KEY_CERT_SIGN | GNUTLS_KEY_CRL_SIGN);
    if (code >= 0) code = constrain(made.certificate, host);
    if (code >= 0) code = gnutls_x509_crt_sign2(made.certificate, made.certificate, made.key, GNUTLS_DIG_SHA256, 0);
    if (code >= 0) code = export(&made, texts);
    end(&made);
    return code < 0 ? code : 0;
}

static int add_name(gnutls_x509_crt_t certificate, gnutls_x509_subject_alt_name_t kind, const void *data,
                    size_t size) {
    return gnutls_x509_crt_set_subject_alt_name(certificate, kind, data, (unsigned int)size, GNUTLS_FSAN_APPEND);
}

int ccert_make_server(const struct ccert_pair *authority, const char *host, int64_t now, struct ccert_pair *texts) {
    struct identity issuer, made;
    memset(&made, 0, sizeof made);
    unsigned char id[64];
    size_t id_size = sizeof id;
    int code = read_pair(authority, &issuer);
    if (code >= 0) code = begin(&made, "cliprise-mock", now - day, now + 90 * (int64_t)day);
    if (code >= 0) code = gnutls_x509_crt_set_basic_constraints(made.certificate, 0, -1);
    if (code >= 0) code = gnutls_x509_crt_set_key_usage(made.certificate, GNUTLS_KEY_DIGITAL_SIGNATURE);
    if (code >= 0) code = gnutls_x509_crt_set_key_purpose_oid(made.certificate, GNUTLS_KP_TLS_WWW_SERVER, 0);
    if (code >= 0) code = add_name(made.certificate, GNUTLS_SAN_DNSNAME, host, strlen(host));
    if (code >= 0) code = add_name(made.certificate, GNUTLS_SAN_DNSNAME, "localhost", 9);
    if (code >= 0) code = add_name(made.certificate, GNUTLS_SAN_IPADDRESS, ipv4_address, sizeof ipv4_address);
    if (code >= 0) code = add_name(made.certificate, GNUTLS_SAN_IPADDRESS, ipv6_loopback, 16);
    if (code >= 0) code = gnutls_x509_crt_get_subject_key_id(issuer.certificate, id, &id_size, NULL);
    if (code >= 0) code = gnutls_x509_crt_set_authority_key_id(made.certificate, id, id_size);
    if (code >= 0) code = gnutls_x509_crt_sign2(made.certificate, issuer.certificate, issuer.key, GNUTLS_DIG_SHA256, 0);
    if (code >= 0) code = export(&made, texts);
    end(&issuer);
    end(&made);
    return code < 0 ? code : 0;
}

static int belong_together(const struct identity *identity) {
    unsigned char of_certificate[64], of_key[64];
    size_t certificate_size = sizeof of_certificate, key_size = sizeof of_key;
    return gnutls_x509_crt_get_key_id(identity->certificate, 0, of_certificate, &certificate_size) >= 0 &&
           gnutls_x509_privkey_get_key_id(identity->key, 0, of_key, &key_size) >= 0 && certificate_size == key_size &&
           memcmp(of_certificate, of_key, key_size) == 0;
}

enum ccert_state ccert_judge_pair(const struct ccert_pair *pair) {
    struct identity identity;
    int is_good = read_pair(pair, &identity) >= 0 && belong_together(&identity);
    end(&identity);
    return is_good ? CCERT_GOOD : CCERT_RENEW;
}

static int lasts(gnutls_x509_crt_t certificate, int64_t now, int64_t seconds) {
    return (int64_t)gnutls_x509_crt_get_activation_time(certificate) <= now &&
           (int64_t)gnutls_x509_crt_get_expiration_time(certificate) >= now + seconds;
}

enum ccert_state ccert_judge_authority(const struct ccert_pair *authority, int64_t now) {
    struct identity identity;
    int is_good = read_pair(authority, &identity) >= 0 && belong_together(&identity) &&
                  gnutls_x509_crt_get_ca_status(identity.certificate, NULL) > 0 &&
                  lasts(identity.certificate, now, 365 * (int64_t)day);
    end(&identity);
    return is_good ? CCERT_GOOD : CCERT_RENEW;
}

enum ccert_state ccert_judge_server(const struct ccert_pair *authority, const struct ccert_pair *server,
                                    const char *host, int64_t now) {
    struct identity issuer, identity;
    memset(&identity, 0, sizeof identity);
    unsigned int problems = 0;
    int is_good = read_pair(authority, &issuer) >= 0 && read_pair(server, &identity) >= 0 &&
                  belong_together(&identity) && lasts(identity.certificate, now, 30 * (int64_t)day) &&
                  gnutls_x509_crt_check_hostname(identity.certificate, host) != 0 &&
                  gnutls_x509_crt_verify(identity.certificate, &issuer.certificate, 1,
                                         GNUTLS_VERIFY_DISABLE_TIME_CHECKS, &problems) >= 0 &&
                  problems == 0;
    end(&issuer);
    end(&identity);
    return is_good ? CCERT_GOOD : CCERT_RENEW;
}

// MARK: Java

static unsigned char *put(unsigned char *place, uint64_t value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) *place++ = (unsigned char)(value >> shift);
    return place;
}

static unsigned char *put_text(unsigned char *place, const char *text) {
    size_t size = strlen(text);
    place = put(place, size, 2);
    memcpy(place, text, size);
    return place + size;
}

/// The format: a header, one entry of the kind "trusted certificate", and a SHA-1 over the password, a fixed phrase and
/// all bytes before.
static unsigned char *java_store(gnutls_datum_t certificate, int64_t now, size_t *size) {
    static const char phrase[] = "Mighty Aphrodite";
    static const unsigned char password[] = {0, 'c', 0, 'h', 0, 'a', 0, 'n', 0, 'g', 0, 'e', 0, 'i', 0, 't'};
    size_t ahead = sizeof password + sizeof phrase - 1;
    unsigned char *all = malloc(ahead + certificate.size + 256);
    if (all == NULL) return NULL;
    memcpy(all, password, sizeof password);
    memcpy(all + sizeof password, phrase, sizeof phrase - 1);
    unsigned char *place = all + ahead;
    place = put(place, 0xFEEDFEED, 4);
    place = put(place, 2, 4);  // the version
    place = put(place, 1, 4);  // the entries
    place = put(place, 2, 4);  // a trusted certificate
    place = put_text(place, "cliprise-mock");
    place = put(place, (uint64_t)now * 1000, 8);
    place = put_text(place, "X.509");
    place = put(place, certificate.size, 4);
    memcpy(place, certificate.data, certificate.size);
    place += certificate.size;
    unsigned char digest[20];
    if (gnutls_hash_fast(GNUTLS_DIG_SHA1, all, (size_t)(place - all), digest) < 0) {
        free(all);
        return NULL;
    }
    memcpy(place, digest, sizeof digest);
    place += sizeof digest;
    *size = (size_t)(place - all) - ahead;
    memmove(all, all + ahead, *size);
    return all;
}

void *ccert_java_store(const char *certificate, int64_t now, size_t *size) {
    gnutls_datum_t text = text_of(certificate), bytes = {NULL, 0};
    gnutls_x509_crt_t read;
    unsigned char *store = NULL;
    if (gnutls_x509_crt_init(&read) < 0) return NULL;
    if (gnutls_x509_crt_import(read, &text, GNUTLS_X509_FMT_PEM) >= 0 &&
        gnutls_x509_crt_export2(read, GNUTLS_X509_FMT_DER, &bytes) >= 0)
        store = java_store(bytes, now, size);
    gnutls_free(bytes.data);
    gnutls_x509_crt_deinit(read);
    return store;
}

void ccert_free(void *text) { free(text); }

const char *ccert_reason(int number) {
    const char *reason = gnutls_strerror(number);
    return reason != NULL ? reason : "unknown";
}
