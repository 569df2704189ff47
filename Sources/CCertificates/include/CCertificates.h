// Certificates for one machine: an authority of its own that may speak for the mocked host and the loopback only, and
// the server's certificate below it. All text is PEM, all keys are ECDSA P-256.

#pragma once

#include <stddef.h>
#include <stdint.h>

/// Two texts that the caller gives back with `ccert_free`.
struct ccert_pair {
    char *_Nullable certificate;
    char *_Nullable key;
};

/// What to do about a certificate.
enum ccert_state {
    /// It is used as it is.
    CCERT_GOOD = 0,
    /// It cannot be read, does not belong to the authority or its key, names other hosts, or ends soon.
    CCERT_RENEW = 1,
};

/// Makes an authority that is valid for ten years.
///
/// Its name constraints (RFC 5280 §4.2.1.10) permit `host`, `localhost`, 127.0.0.0/8 and ::1, so that whoever gets its
/// key can pretend to be nobody else.
///
/// Returns 0, or a number for `ccert_reason`.
int ccert_make_authority(const char *_Nonnull host, int64_t now, struct ccert_pair *_Nonnull made);

/// Makes a certificate for `host`, `localhost`, 127.0.0.1 and ::1 that is valid for ninety days.
///
/// Returns 0, or a number for `ccert_reason`.
int ccert_make_server(const struct ccert_pair *_Nonnull authority, const char *_Nonnull host, int64_t now,
                      struct ccert_pair *_Nonnull made);

/// Whether an authority and its key belong together, and last for another year.
enum ccert_state ccert_judge_authority(const struct ccert_pair *_Nonnull authority, int64_t now);

/// Whether a server's certificate can be used for another thirty days.
enum ccert_state ccert_judge_server(const struct ccert_pair *_Nonnull authority,
                                    const struct ccert_pair *_Nonnull server, const char *_Nonnull host, int64_t now);

/// Whether text is a certificate and the key that belongs to it.
enum ccert_state ccert_judge_pair(const struct ccert_pair *_Nonnull pair);

/// The certificate as a Java key store (JKS) of trusted certificates, whose password is "changeit".
///
/// Returns its bytes, to be given back with `ccert_free`, or NULL.
void *_Nullable ccert_java_store(const char *_Nonnull certificate, int64_t now, size_t *_Nonnull size);

void ccert_free(void *_Nullable text);

const char *_Nonnull ccert_reason(int number);
