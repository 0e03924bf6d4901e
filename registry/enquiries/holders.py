"""An enquiry that waits goes to the successor of its division after a division change."""

from registry.divisions.holders import Holder, declare_holder
from registry.enquiries.models import Enquiry, EnquiryState
from registry.messages import N_, message
from registry.workflow.holders import follow_site

declare_holder(
    Holder(
        message(N_("未答复的咨询投诉")),
        Enquiry.division_code,
        Enquiry.code,
        Enquiry.site_id,
        rows=Enquiry.state != EnquiryState.ANSWERED,
    )
)
follow_site(Enquiry)
