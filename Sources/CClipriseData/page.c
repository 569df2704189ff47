// Carries the files of fixtures/page as bytes. A test holds this list against the folder.

#include "CClipriseData.h"

static const uint8_t app_css[] = {
#embed "../../fixtures/page/app.css"
};
static const uint8_t app_js[] = {
#embed "../../fixtures/page/app.js"
};
static const uint8_t index_html[] = {
#embed "../../fixtures/page/index.html"
};

static const cdata_file page[] = {
    {"app.css", app_css, sizeof app_css},
    {"app.js", app_js, sizeof app_js},
    {"index.html", index_html, sizeof index_html},
};

int cdata_page_count(void) {
    return (int)(sizeof page / sizeof page[0]);
}

cdata_file cdata_page_file(int index) {
    return page[index];
}
