interface NoticeProps {
  /** A warning is read out at once; a remark when the reader is free. */
  tone?: 'warning' | 'remark';
  title: string;
  message: string;
  action?: { label: string; onClick: () => void };
}

/** What happened and what to do now. */
export function Notice({ tone = 'warning', title, message, action }: NoticeProps) {
  return (
    <div className={`notice notice-${tone}`} role={tone === 'warning' ? 'alert' : 'status'}>
      <div className="notice-text">
        <p className="notice-title">{title}</p>
        <p>{message}</p>
      </div>
      {action && (
        <button className="button" type="button" onClick={action.onClick}>
          {action.label}
        </button>
      )}
    </div>
  );
}
