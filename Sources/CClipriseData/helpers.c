// Carries the files of fixtures/helpers as bytes, by the names that users ask for. A test holds this list against the folder.

#include "CClipriseData.h"

static const uint8_t helper_compose[] = {
#embed "../../fixtures/helpers/compose.yml"
};
static const uint8_t helper_devcontainer[] = {
#embed "../../fixtures/helpers/devcontainer.json"
};
static const uint8_t helper_github[] = {
#embed "../../fixtures/helpers/github.yml"
};
static const uint8_t helper_go[] = {
#embed "../../fixtures/helpers/cliprise_mock_test.go"
};
static const uint8_t helper_jest[] = {
#embed "../../fixtures/helpers/jest.cjs"
};
static const uint8_t helper_junit[] = {
#embed "../../fixtures/helpers/ClipriseMock.java"
};
static const uint8_t helper_kubernetes[] = {
#embed "../../fixtures/helpers/kubernetes.yml"
};
static const uint8_t helper_kubernetes_indexed_job[] = {
#embed "../../fixtures/helpers/kubernetes-indexed-job.yml"
};
static const uint8_t helper_nginx[] = {
#embed "../../fixtures/helpers/nginx.conf"
};
static const uint8_t helper_parallel[] = {
#embed "../../fixtures/helpers/parallel.sh"
};
static const uint8_t helper_pytest[] = {
#embed "../../fixtures/helpers/pytest.py"
};
static const uint8_t helper_rspec[] = {
#embed "../../fixtures/helpers/cliprise_mock.rb"
};
static const uint8_t helper_slurm[] = {
#embed "../../fixtures/helpers/slurm.sh"
};
static const uint8_t helper_swift[] = {
#embed "../../fixtures/helpers/ClipriseMock.swift"
};
static const uint8_t helper_unittest[] = {
#embed "../../fixtures/helpers/unittest.py"
};
static const uint8_t helper_vitest[] = {
#embed "../../fixtures/helpers/vitest.mjs"
};

static const cdata_file helpers[] = {
    {"compose", helper_compose, sizeof helper_compose},
    {"devcontainer", helper_devcontainer, sizeof helper_devcontainer},
    {"github", helper_github, sizeof helper_github},
    {"go", helper_go, sizeof helper_go},
    {"jest", helper_jest, sizeof helper_jest},
    {"junit", helper_junit, sizeof helper_junit},
    {"kubernetes", helper_kubernetes, sizeof helper_kubernetes},
    {"kubernetes-indexed-job", helper_kubernetes_indexed_job, sizeof helper_kubernetes_indexed_job},
    {"nginx", helper_nginx, sizeof helper_nginx},
    {"parallel", helper_parallel, sizeof helper_parallel},
    {"pytest", helper_pytest, sizeof helper_pytest},
    {"rspec", helper_rspec, sizeof helper_rspec},
    {"slurm", helper_slurm, sizeof helper_slurm},
    {"swift", helper_swift, sizeof helper_swift},
    {"unittest", helper_unittest, sizeof helper_unittest},
    {"vitest", helper_vitest, sizeof helper_vitest},
};

int cdata_helper_count(void) {
    return (int)(sizeof helpers / sizeof helpers[0]);
}

cdata_file cdata_helper_file(int index) {
    return helpers[index];
}
