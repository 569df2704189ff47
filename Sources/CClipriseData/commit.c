// The commit that this source is of. `git archive` fills it in (.gitattributes); in a working tree it stays as it is.

#include "CClipriseData.h"

const char *cdata_commit(void) {
    static const char commit[] = "$Format:%H$";
    return commit[0] == '$' ? "" : commit;
}
