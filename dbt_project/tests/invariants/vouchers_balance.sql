{{ config(meta={'label_zh': '应有凭证借贷平衡', 'label_en': 'expected vouchers balance to the cent'}) }}
select voucher_id, sum(signed_amount) as difference_amount
from {{ ref('voucher_line') }}
group by voucher_id
having sum(signed_amount) <> 0
