"""Schemas of the public tables that the evidence reads, in short form; their rows are in `evidence_rows`.

A column's type follows from its name, as in all public tables.
"""

KINDS = {
    "_quantity": "decimal(18,4)", "_amount": "decimal(38,2)", "_date": "date", "_count": "bigint",
    "age_days": "integer", "line_no": "integer", "row_no": "bigint", "alternatives": "bigint",
    "confidence": "decimal(5,4)",
}  # fmt: skip


def _schema(text: str) -> str:
    """Columns in short form; the name tells the type as it does in all public tables."""
    columns = []
    for name in text.split():
        plain = {"quantity": "decimal(18,4)", "amount": "decimal(38,2)"}.get(name)
        kind = plain or next((kind for mark, kind in KINDS.items() if name.endswith(mark)), "varchar")
        columns.append(f"{name} {'boolean' if name.startswith('is_') else kind}")
    return ", ".join(columns)


SCHEMAS = {
    name: _schema(columns)
    for name, columns in {
        "stock_summary": (
            "period item_code item_name item_category warehouse_code opening_quantity"
            " opening_amount in_quantity in_amount out_quantity out_amount closing_quantity"
            " closing_amount reported_closing_quantity reported_closing_amount"
        ),
        "work_in_process": (
            "period order_key is_subcontract opening_material_amount opening_conversion_amount"
            " material_amount assigned_amount true_up_amount late_cost_amount return_amount"
            " conversion_amount completed_material_amount completed_conversion_amount byproduct_amount"
            " loss_amount settled_amount closing_material_amount closing_conversion_amount"
            " completed_quantity wip_quantity equivalent_quantity receipt_count"
        ),
        "stock_ledger": (
            "period event_id cause_code document_type document_no item_code warehouse_code"
            " original_event_id recomputed_amount expensed_amount"
        ),
        "late_cost_share": "period event_id late_event_id original_event_id event_type quantity amount",
        "voucher_line": (
            "period voucher_id line_no voucher_date summary_zh summary_en account_role"
            " account_code account_name debit_amount credit_amount signed_amount quantity rule_id"
            " rule_version event_id event_type amount_basis document_type document_no"
            " document_line_no item_code party_code department_code match_id"
        ),
        "ledger_line": (
            "period voucher_word voucher_no line_no voucher_date account_code account_name summary"
            " debit_amount credit_amount signed_amount document_type document_no party_code"
            " item_code source_module voucher_kind status is_live match_id"
        ),
        "reconciliation_match": (
            "period match_id tie_code pass_code document_type document_no account_code"
            " expected_amount actual_amount residual_amount confidence alternatives rule_version"
        ),
        "reconciliation_break": (
            "period break_id tie_code symptom_code cause_code disposition also_codes document_type"
            " document_no line_no voucher_no item_code party_code expected_amount actual_amount"
            " difference_amount misposted_amount first_period age_days status confidence"
            " explanation_zh explanation_en"
        ),
        "break_line": "period break_id tie_code account_code difference_amount",
        "bridge": "period tie_code account_code component_type component_code amount break_count",
        "tie_out": (
            "period tie_code account_code account_name measure opening_subledger_amount"
            " opening_ledger_amount debit_subledger_amount debit_ledger_amount"
            " credit_subledger_amount credit_ledger_amount closing_subledger_amount"
            " closing_ledger_amount subledger_amount ledger_amount difference_amount timing_amount"
            " correct_ledger_amount correct_subledger_amount accepted_amount unidentified_amount"
            " gross_open_amount reported_amount posting_leg_amount costing_leg_amount ledger_source status"
        ),
        "roll_forward": (
            "period level code side opening_amount movement_amount closing_amount"
            " previous_closing_amount is_chained"
        ),
        "open_item": (
            "period kind party_code document_type document_no line_no document_date due_date"
            " item_code quantity amount age_days"
        ),
        "rejected_row": (
            "period table_name extract file row_no column_name value reason_code reason_zh reason_en"
        ),
        "data_quality_result": (
            "period table_name expectation severity evaluated_count unexpected_count sample status"
            " message_zh message_en"
        ),
        "verdict": (
            "period verdict difference_amount timing_amount correct_ledger_amount"
            " correct_subledger_amount accepted_amount unidentified_amount gross_open_amount"
            " posting_leg_amount costing_leg_amount break_count sentence_zh sentence_en"
        ),
    }.items()
}
