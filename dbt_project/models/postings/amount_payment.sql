-- One row per amount that a payment, a receipt or an application puts up for posting.
select {{ amount_row({
    'event_id': 'event_id', 'event_type': 'event_type', 'amount_basis': 'document_type', 'document_type': 'document_type',
    'document_no': 'document_no', 'line_no': 'line_no', 'posting_date': 'effective_date', 'party_code': 'party_code', 'amount': 'net_amount'}) }}
from {{ ref('business_event') }}
where document_type = 'payment' or event_type in ('prepayment_to_ap', 'advance_to_ar', 'ap_to_ar')
